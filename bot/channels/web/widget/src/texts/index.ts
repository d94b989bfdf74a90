import { ja, type Texts } from "./ja";

const languages: Record<string, Texts> = { ja };

/** Give a language's texts, Japanese where there are none. */
export const textsIn = (language: string | null): Texts => languages[language ?? "ja"] ?? ja;

export type { Texts };
