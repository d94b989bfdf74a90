import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Texts } from "../texts";
import type { Passage } from "../types";
import { Icon } from "./Icon";
import { Linked } from "./Linked";

/** A clause, word for word, with its citation; a long one shows its beginning first. */
export function Quotation({ passage, t }: { passage: Passage; t: Texts }) {
  const words = useRef<HTMLQuoteElement>(null);
  const [long, setLong] = useState(false);
  const [whole, setWhole] = useState(false);
  useLayoutEffect(() => {
    const box = words.current;
    if (box) setLong(box.scrollHeight > box.clientHeight + 1);
  }, []);
  return (
    <figure class="quotation">
      <p class="from">
        <Icon name="quote" />
        <span>{t.quotedFrom}</span>
      </p>
      <blockquote ref={words} class={whole ? "" : long ? "short cut" : "short"}>
        <Linked text={passage.text} />
      </blockquote>
      {long && (
        <button type="button" class="more" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? t.lessOfIt : t.whole}
        </button>
      )}
      <figcaption>{passage.citation}</figcaption>
    </figure>
  );
}
