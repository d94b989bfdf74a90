import { dayOf, timeOf } from "../dates";
import { safeHref } from "../links";
import { authorOf } from "../record";
import type { Texts } from "../texts";
import type { Message } from "../types";
import { Icon } from "./Icon";
import { Linked } from "./Linked";
import { Quotation } from "./Quotation";

interface Props extends Partial<Message> {
  t: Texts;
  author: Message["author"];
  text: string;
  sending?: "sending" | "failed";
  retry?: () => void;
  discard?: () => void;
}

/** One message: who, what, when; a clause stands as a quotation of its own. */
export function Bubble(props: Props) {
  const { t, author, text, lead, passages, policy_url, at, sending } = props;
  const policy = safeHref(policy_url);
  return (
    <div class={`bubble ${author}`}>
      <p class="who">
        {author === "staff" && <Icon name="person" />}
        <span>{authorOf(props, t)}</span>
        {at && (
          <time dateTime={at} title={dayOf(at)}>
            {timeOf(at)}
          </time>
        )}
      </p>
      <div class="said">
        {passages?.length ? (
          <>
            {lead && <Linked text={lead} />}
            {passages.map((passage) => (
              <Quotation key={passage.citation} passage={passage} t={t} />
            ))}
            {policy && (
              <p class="whole">
                <a href={policy} target="_blank" rel="noopener noreferrer">
                  {t.wholePolicy}
                  <Icon name="out" />
                </a>
              </p>
            )}
          </>
        ) : (
          <Linked text={text} />
        )}
      </div>
      {sending === "sending" && <p class="sending late">{t.sending}</p>}
      {sending === "failed" && (
        <p class="failed">
          <Icon name="alert" />
          <strong>{t.notSent}</strong>
          <button type="button" onClick={props.retry}>
            {t.retry}
          </button>
          <button type="button" onClick={props.discard}>
            {t.discard}
          </button>
        </p>
      )}
    </div>
  );
}
