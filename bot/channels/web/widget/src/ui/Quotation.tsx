import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Clause } from "../pieces";
import type { Texts } from "../texts";
import { Icon } from "./Icon";
import { Linked } from "./Linked";

/** A clause, word for word, with its citation; a long one shows its beginning first. */
export function Quotation({ clause, t }: { clause: Clause; t: Texts }) {
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
      {clause.heading && <p class="heading">{clause.heading}</p>}
      <blockquote ref={words} class={whole ? "" : long ? "short cut" : "short"}>
        <Linked text={clause.text} />
      </blockquote>
      {long && (
        <button type="button" class="more" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? t.lessOfIt : t.whole}
        </button>
      )}
      {clause.citation && <figcaption>{clause.citation}</figcaption>}
    </figure>
  );
}
