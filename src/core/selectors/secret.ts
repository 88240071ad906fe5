import type { View } from "../../io/interact.ts";

/** What became of asking: the secret, or null when Ctrl-C or Esc broke it off. */
export interface Answer {
  secret: string | null;
}

/** Returns a view that asks for a secret and never shows it. Ctrl-U begins anew. */
export function secretView(question: string): View<Answer> {
  let secret = "";
  return {
    draw: () => [question],
    press({ name, text, ctrl }) {
      if (name === "return" || name === "enter") return { secret };
      if (name === "escape" || (ctrl && (name === "c" || name === "d"))) return { secret: null };
      if (name === "backspace") secret = secret.slice(0, -1);
      else if (ctrl && name === "u") secret = "";
      else secret += text;
      return undefined;
    },
  };
}
