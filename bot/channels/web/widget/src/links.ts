export interface Link {
  text: string;
  href: string;
}

const SCHEMES = new Set(["http:", "https:", "tel:", "mailto:"]);

// Addresses end at the first character that isn't ASCII, since Japanese text follows without a space.
const FOUND =
  /(https?:\/\/[\w\-.~:/?#@!$&*+,;=%]+[\w/=])|([\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(\b0\d{1,4}-\d{1,4}-\d{3,4}\b)/g;

/** Cut a text into plain pieces and links; only web, telephone and mail addresses ever become one. */
export function withLinks(text: string): (string | Link)[] {
  const pieces: (string | Link)[] = [];
  let done = 0;
  for (const match of text.matchAll(FOUND)) {
    const found = match[0];
    const href = safeHref(match[1] ?? (match[2] ? `mailto:${found}` : `tel:${found.replaceAll("-", "")}`));
    if (!href) continue;
    if (match.index > done) pieces.push(text.slice(done, match.index));
    pieces.push({ text: found, href });
    done = match.index + found.length;
  }
  if (done < text.length) pieces.push(text.slice(done));
  return pieces;
}

/** Give an address that may be linked to, or null. */
export function safeHref(address: string | null | undefined): string | null {
  if (!address) return null;
  try {
    return SCHEMES.has(new URL(address).protocol) ? address : null;
  } catch {
    return null;
  }
}
