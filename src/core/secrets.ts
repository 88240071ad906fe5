/** What looks like an API key; what `list` shows of one (`sk-22bc7***b691`) does not. */
const KEY = /\bsk-[A-Za-z0-9_-]{16,}/g;

/** Takes what is said to people; returns it without API keys: one may have been pasted where a selector, a path or an alias belongs. */
export const withoutKeys = (text: string): string => text.replace(KEY, "sk-***");
