import { useEffect, useRef, useState } from "preact/hooks";
import { copy, mail, print, recordOf } from "../record";
import type { AppProps } from "./App";

interface Props extends AppProps {
  size: string;
  setSize: (size: string) => void;
  close: () => void;
  say: (text: string) => void;
}

type Question = "finish" | "erase";

/** How to read, how to keep, how to leave. */
export function Menu(props: Props) {
  const { chat, texts: t, element, close } = props;
  const [question, ask] = useState<Question | null>(null);
  const [told, setTold] = useState("");
  const first = useRef<HTMLDivElement>(null);
  useEffect(() => first.current?.querySelector("button")?.focus(), [question]);

  const tell = (text: string) => {
    setTold(text);
    props.say(text);
  };
  const company = chat.state.welcome?.company.name ?? "";
  const record = () => recordOf(chat.state.messages, company, t);
  const nothing = chat.state.messages.length === 0;
  if (question) return <Confirm {...props} question={question} back={() => ask(null)} />;

  return (
    <div class="menu" ref={first}>
      <Reading {...props} />
      <div role="group" aria-label={t.keep} class="group">
        <p>{t.keep}</p>
        <button
          type="button"
          disabled={nothing}
          onClick={async () => tell((await copy(record())) ? t.copied : t.copyFailed)}
        >
          {t.copy}
        </button>
        <button type="button" disabled={nothing} onClick={() => (close(), setTimeout(() => print(element), 50))}>
          {t.print}
        </button>
        <button
          type="button"
          disabled={nothing}
          onClick={async () => (await mail(record(), company, t)) && tell(t.copied)}
        >
          {t.mail}
        </button>
        {told && <p class="told">{told}</p>}
      </div>
      <div class="group">
        <button type="button" disabled={chat.state.phase !== "ready"} onClick={() => ask("finish")}>
          {t.finish}
        </button>
        <button type="button" disabled={chat.state.phase !== "ready"} onClick={() => ask("erase")}>
          {t.erase}
        </button>
      </div>
      <button type="button" class="main" onClick={close}>
        {t.back}
      </button>
    </div>
  );
}

function Reading({ chat, texts: t, size, setSize }: Props) {
  const [sound, setSound] = useState(chat.storage.sound);
  const chooseSize = (name: string) => setSize((chat.storage.size = name));
  const chooseSound = (on: boolean) => setSound((chat.storage.sound = on));
  return (
    <>
      <div role="group" aria-label={t.textSize} class="group">
        <p>{t.textSize}</p>
        <div class="either">
          {Object.entries(t.sizes).map(([name, label]) => (
            <button key={name} type="button" aria-pressed={size === name} onClick={() => chooseSize(name)}>
              {label}
            </button>
          ))}
        </div>
      </div>
      <div role="group" aria-label={t.sound} class="group">
        <p>{t.sound}</p>
        <div class="either">
          {[true, false].map((on) => (
            <button key={String(on)} type="button" aria-pressed={sound === on} onClick={() => chooseSound(on)}>
              {on ? t.on : t.off}
            </button>
          ))}
        </div>
      </div>
    </>
  );
}

function Confirm({ chat, texts: t, question, back, close, say }: Props & { question: Question; back: () => void }) {
  const [failed, setFailed] = useState(false);
  const words =
    question === "finish" ? [t.finishAsk, t.finishExplain, t.finishDo] : [t.eraseAsk, t.eraseExplain, t.eraseDo];
  const go = async () => {
    try {
      await (question === "finish" ? chat.finish() : chat.erase());
      say(t.over);
      close();
    } catch {
      setFailed(true);
    }
  };
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector("button")?.focus(), []);
  return (
    <div class="menu" ref={box} role="alertdialog" aria-labelledby="ask" aria-describedby="explain">
      <p id="ask" class="ask">
        {words[0]}
      </p>
      <p id="explain">{words[1]}</p>
      {failed && <p role="alert">{t.eraseFailed}</p>}
      <div class="either">
        <button type="button" onClick={back}>
          {t.cancel}
        </button>
        <button type="button" class="main" onClick={go}>
          {words[2]}
        </button>
      </div>
    </div>
  );
}
