import type { Button } from "../types";

/** Answers to choose from; pressing one says it. */
export function Choices(props: { label: string; buttons: Button[]; choose: (payload: string) => void }) {
  return (
    <div class="choices" role="group" aria-label={props.label}>
      {props.buttons.map((button) => (
        <button key={button.payload} type="button" onClick={() => props.choose(button.payload)}>
          {button.title}
        </button>
      ))}
    </div>
  );
}
