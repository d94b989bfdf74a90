const SHAPES = {
  chat: "M4 5h16v11H9l-5 4z M8 9.5h8 M8 12.5h5",
  close: "M6 6l12 12 M18 6L6 18",
  menu: "M4 7h16 M4 12h16 M4 17h16",
  send: "M4 12l16-8-5 16-4-6z M11 14l9-10",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M4 21c0-4.4 3.6-7 8-7s8 2.6 8 7",
  down: "M6 9l6 6 6-6",
  quote: "M6 4h9l4 4v12H6z M15 4v4h4 M9 12h7 M9 15.5h7",
  out: "M14 5h5v5 M19 5l-8 8 M17 14v5H5V7h5",
  alert: "M12 4l9 16H3z M12 10v4 M12 17v.5",
};

/** A drawing beside a word, never instead of one. */
export function Icon({ name }: { name: keyof typeof SHAPES }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={SHAPES[name]} />
    </svg>
  );
}
