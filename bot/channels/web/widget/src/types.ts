// What the API sends; docs/api/web.openapi.json is its description.
export interface Button {
  title: string;
  payload: string;
}

/** A piece of an answer: lead, heading, quote, citation, reference, contact or link. */
export interface Part {
  kind: string;
  text: string;
}

/** What a message may show beside its text. */
export interface Body {
  buttons?: Button[];
  parts?: Part[];
  policy_url?: string;
  field?: string;
  staff_name?: string;
}

export interface Message extends Body {
  seq: number;
  author: "customer" | "bot" | "staff";
  text: string;
  at: string;
  /** The id that this browser, or another tab, gave what the customer wrote. */
  id?: string;
}

export interface Company {
  id: string;
  name: string;
  phone: string | null;
  hours: string | null;
  policy_url: string | null;
}

export interface Welcome {
  token: string;
  conversation: string;
  resumed: boolean;
  company: Company;
  greeting: Body & { text: string };
}

export interface Standing {
  owner: "bot" | "staff";
  answering: boolean;
}

/** A message that the desk hasn't confirmed yet. */
export interface Outgoing {
  id: string;
  text: string;
  at: string;
}
