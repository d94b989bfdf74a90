type Rgb = [number, number, number];

const WHITE: Rgb = [255, 255, 255];
const INK: Rgb = [27, 31, 36];
/** WCAG 2.2, 1.4.3: text against its ground. */
const ENOUGH = 4.5;

export interface Palette {
  accent: string;
  onAccent: string;
  /** The accent, darkened until it can be read as text on white. */
  accentText: string;
}

/** Make a palette of a colour that a website chose, whatever it chose; null keeps the style sheet's own. */
export function paletteOf(colour: string | null): Palette | null {
  const accent = colour && parse(colour);
  if (!accent) return null;
  const onAccent = contrast(accent, WHITE) >= ENOUGH ? WHITE : contrast(accent, INK) >= ENOUGH ? INK : null;
  const ground = onAccent ? accent : darkened(accent, WHITE);
  return { accent: css(ground), onAccent: css(onAccent ?? WHITE), accentText: css(darkened(accent, WHITE)) };
}

export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Read any CSS colour by letting the browser do it. */
function parse(colour: string): Rgb | null {
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen || !CSS.supports("color", colour)) return null;
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
  return alpha === 255 ? [red ?? 0, green ?? 0, blue ?? 0] : null;
}

function darkened(colour: Rgb, ground: Rgb): Rgb {
  let dark = colour;
  while (contrast(dark, ground) < ENOUGH) dark = dark.map((part) => Math.floor(part * 0.94)) as Rgb;
  return dark;
}

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const css = (colour: Rgb): string => `rgb(${colour.join(" ")})`;
