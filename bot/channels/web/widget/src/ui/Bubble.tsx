import { dayOf, timeOf } from "../dates";
import { safeHref } from "../links";
import { piecesOf } from "../pieces";
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
  const { t, author, text, parts, policy_url, at, sending } = props;
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
        {parts?.length ? (
          <>
            {piecesOf(parts, policy !== null).map((piece, index) =>
              typeof piece === "string" ? (
                <Linked key={index} text={piece} />
              ) : (
                <Quotation key={index} clause={piece} t={t} />
              ),
            )}
            {policy && (
              <p class="whole">
                <a href={policy} target="_blank" rel="noopener noreferrer">
                  {t.wholePolicy}
                  <Icon name="out" />
                </a>
              </p>
            )}
          </>
        ) : author === "customer" ? (
          <p class="text">{text}</p>
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
