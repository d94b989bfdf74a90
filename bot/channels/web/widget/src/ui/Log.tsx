import { Fragment } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { dayOf } from "../dates";
import type { Message } from "../types";
import type { AppProps } from "./App";
import { Bubble } from "./Bubble";
import { Choices } from "./Choices";
import { Icon } from "./Icon";

const MARGIN = 16;

/** All that was said, oldest first. */
export function Log({ chat, texts: t, greeting }: AppProps) {
  const { welcome, messages, outgoing, failed, answering, owner, online } = chat.state;
  const log = useRef<HTMLDivElement>(null);
  const [live, setLive] = useState(false);
  const below = useBelow(log);
  // Below what was sent, or beside the end of an answer, more appears: that it didn't get through, and choices.
  const grown = `${answering} ${outgoing.length && `${failed.size} ${online}`}`;
  useArrivals(log, messages, outgoing.length, grown);
  // What was said before is not read aloud again: the log is made live once it is filled.
  useEffect(() => {
    const timer = setTimeout(() => setLive(true), 500);
    return () => clearTimeout(timer);
  }, []);
  if (!welcome) return null;

  const choose = (payload: string) => {
    chat.send(payload);
    // The button is about to go; without this the focus would fall out of the panel.
    log.current?.focus({ preventScroll: true });
  };
  const choices = openChoices(messages) ?? (messages.length ? [] : (welcome.greeting.buttons ?? []));
  return (
    <div class="talk">
      <div ref={log} class="log" role="log" aria-label={t.log} aria-live={live ? "polite" : "off"} tabIndex={0}>
        <Bubble t={t} author="bot" text={greeting ?? welcome.greeting.text} />
        <p class="caution">
          <Icon name="alert" />
          <span>{t.dontWrite}</span>
        </p>
        {messages.map((message, index) => (
          <Fragment key={message.id ?? message.seq}>
            <Day of={message} after={messages[index - 1]} />
            <Bubble {...message} t={t} />
          </Fragment>
        ))}
        {outgoing.map((item, index) => (
          <Fragment key={item.id}>
            <Day of={item} after={outgoing[index - 1] ?? messages.at(-1)} />
            <Bubble
              {...item}
              t={t}
              author="customer"
              sending={failed.has(item.id) ? "failed" : "sending"}
              retry={() => chat.retry()}
              discard={() => chat.discard(item.id)}
            />
          </Fragment>
        ))}
        {answering && owner === "bot" && <Answering text={t.answering} />}
        {!answering && !outgoing.length && choices.length > 0 && (
          <Choices label={t.choices} buttons={choices} choose={choose} />
        )}
      </div>
      {below && (
        <button type="button" class="further" onClick={() => readOn(log.current)}>
          <Icon name="down" />
          <span>{t.further}</span>
        </button>
      )}
    </div>
  );
}

/** The buttons of everything that the desk said last, until the customer says something. */
function openChoices(messages: Message[]) {
  if (!messages.length) return null;
  const lastOfCustomer = messages.map((message) => message.author).lastIndexOf("customer");
  return messages.slice(lastOfCustomer + 1).flatMap((message) => message.buttons ?? []);
}

/** The date, where a new one begins. */
function Day({ of, after }: { of: { at: string }; after: { at: string } | undefined }) {
  const day = dayOf(of.at);
  return after && dayOf(after.at) === day ? null : <p class="day">{day}</p>;
}

function Answering({ text }: { text: string }) {
  return (
    <p class="answering" aria-live="off">
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span>{text}</span>
    </p>
  );
}

/** Whether there is more to read further down. */
function useBelow(log: { current: HTMLDivElement | null }): boolean {
  const [below, setBelow] = useState(false);
  useEffect(() => {
    const box = log.current;
    if (!box) return;
    const look = () => setBelow(box.scrollHeight - box.scrollTop - box.clientHeight > 24);
    look();
    box.addEventListener("scroll", look);
    return () => box.removeEventListener("scroll", look);
  });
  return below;
}

function readOn(log: HTMLDivElement | null): void {
  log?.scrollBy({ top: log.clientHeight * 0.8, behavior: still() ? "instant" : "smooth" });
}

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Follow the conversation, but leave the start of a long answer in view: that is where reading begins. */
function useArrivals(
  log: { current: HTMLDivElement | null },
  messages: Message[],
  outgoing: number,
  grown: string,
): void {
  const first = useRef(true);
  useLayoutEffect(() => {
    const box = log.current;
    if (!box) return;
    const asked = [...box.querySelectorAll<HTMLElement>(".bubble.customer")].at(-1);
    const top = (element: Element | null | undefined) => (element ? (element as HTMLElement).offsetTop - MARGIN : 0);
    const end = box.scrollHeight - box.clientHeight;
    // The question may leave the screen if with that the whole answer fits.
    const start = end <= top(asked?.nextElementSibling) ? end : top(asked);
    box.scrollTo({ top: Math.min(start, end), behavior: first.current || still() ? "instant" : "smooth" });
    first.current = messages.length === 0;
  }, [messages.length, outgoing, grown]);
}
