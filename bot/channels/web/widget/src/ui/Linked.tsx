import { withLinks } from "../links";

/** A text with its line breaks, its addresses made into links. */
export function Linked({ text }: { text: string }) {
  return (
    <p class="text">
      {withLinks(text).map((piece, index) =>
        typeof piece === "string" ? (
          piece
        ) : (
          <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer">
            {piece.text}
          </a>
        ),
      )}
    </p>
  );
}
