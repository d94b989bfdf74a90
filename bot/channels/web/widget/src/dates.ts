const DAY = new Intl.DateTimeFormat("ja-JP", { year: "numeric", month: "long", day: "numeric", weekday: "short" });
const TIME = new Intl.DateTimeFormat("ja-JP", { hour: "numeric", minute: "2-digit", hour12: true });

/** 2026年11月22日(日) */
export const dayOf = (iso: string): string => DAY.format(new Date(iso));

/** 午前10:05 */
export const timeOf = (iso: string): string => TIME.format(new Date(iso));
