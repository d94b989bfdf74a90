import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Chat } from "../chat";
import type { Texts } from "../texts";
import { Icon } from "./Icon";

const LONGEST = 2000;

/** How a phone helps to fill in what is asked: its keyboard, and what it knows of its owner. */
const HELP: Record<string, { inputMode: "text" | "numeric" | "email" | "tel"; autoComplete: string }> = {
  code: { inputMode: "numeric", autoComplete: "one-time-code" },
  name: { inputMode: "text", autoComplete: "name" },
  stop_email: { inputMode: "email", autoComplete: "email" },
  stop_phone: { inputMode: "tel", autoComplete: "tel" },
  stop_post: { inputMode: "text", autoComplete: "street-address" },
};

/** Where the customer writes; a one-time code has a field of its own. */
export function Composer({ chat, t, asked }: { chat: Chat; t: Texts; asked: string | undefined }) {
  const [text, setText] = useState("");
  const [words, setWords] = useState(false);
  const field = useRef<HTMLTextAreaElement & HTMLInputElement>(null);
  const code = asked === "code" && !words;
  useEffect(() => setWords(false), [asked]);
  useEffect(() => fitHeight(field.current)); // Each time: the customer may have chosen larger letters.
  // The other field takes over where the customer was writing; asked here, while the first still is in the page.
  const writing = field.current !== null && field.current === (field.current.getRootNode() as ShadowRoot).activeElement;
  useLayoutEffect(() => {
    if (writing) field.current?.focus();
  }, [code]);

  const tooLong = text.length > LONGEST;
  const send = () => {
    if (!text.trim() || tooLong) return;
    chat.send(text);
    setText("");
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // 229: what Safari says of the Enter that ends a conversion, after isComposing is false again.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };
  const shared = {
    ref: field,
    id: "words",
    value: text,
    onInput: (event: Event) => {
      const { value } = event.target as HTMLInputElement;
      setText(value);
      if (value) chat.typing();
    },
    onKeyDown,
    enterKeyHint: "send" as const,
    ...(asked && !words && HELP[asked]),
    "aria-invalid": tooLong,
    "aria-describedby": tooLong ? "limit" : undefined,
  };

  return (
    <form
      class={code ? "composer code" : "composer"}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label for="words" class={code ? "" : "sr"}>
        {code ? t.codeLabel : t.inputLabel}
      </label>
      <div class="row">
        {code ? (
          <input {...shared} type="text" placeholder={t.codePlaceholder} />
        ) : (
          <textarea {...shared} rows={1} placeholder={t.inputPlaceholder} />
        )}
        <button type="submit" class="main" disabled={!text.trim() || tooLong}>
          <Icon name="send" />
          <span>{t.send}</span>
        </button>
      </div>
      {tooLong && (
        <p id="limit" class="limit" role="alert">
          {t.tooLong(LONGEST)}
        </p>
      )}
      {asked === "code" && (
        <button type="button" class="plain" onClick={() => setWords(!words)}>
          {words ? t.backToCode : t.otherInput}
        </button>
      )}
    </form>
  );
}

/** Grow with what is written, to a third of the screen. */
function fitHeight(field: HTMLElement | null): void {
  if (!field || field.localName !== "textarea") return;
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, innerHeight / 3)}px`;
}
