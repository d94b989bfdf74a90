import type { Part } from "./types";

/** A clause as it is shown: under which headings it stands, its words, where it is from. */
export interface Clause {
  heading: string;
  text: string;
  citation: string;
}

/** Gather an answer's parts into plain texts and clauses, in their order. */
export function piecesOf(parts: Part[], linked: boolean): (string | Clause)[] {
  const pieces: (string | Clause)[] = [];
  let heading = "";
  for (const { kind, text } of parts) {
    const last = pieces.at(-1);
    if (kind === "heading") heading = text;
    else if (kind === "quote") pieces.push({ heading, text, citation: "" });
    else if (kind === "reference") pieces.push(referred(text));
    else if (kind === "citation" && typeof last === "object") last.citation = text;
    // The address of the whole policy stands below the answer as a link of its own.
    else if (kind !== "link" || !linked) pieces.push(text);
    if (kind !== "heading") heading = "";
  }
  return pieces;
}

/** The first line of a reference says what refers to it. */
function referred(text: string): Clause {
  const end = text.indexOf("\n");
  return { heading: text.slice(0, end), text: text.slice(end + 1), citation: "" };
}
