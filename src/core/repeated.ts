/** Names of fields, each with those of the object that it holds. */
export interface Fields {
  readonly [name: string]: Fields;
}

/** Returns the fields of these names; those that hold an object are in `within`. */
export const fieldsOf = (names: object, within: Fields = {}): Fields => ({
  ...Object.fromEntries(Object.keys(names).map((name) => [name, {}])),
  ...within,
});

/** One object or list of a document that is being gone through. */
interface Open {
  /** The fields of it that count; none in a list, and in what nobody reads. */
  fields: Fields;
  seen: Set<string>;
  /** The field that is next. */
  name: string;
}

// a text, or what opens, closes, or follows a name
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g;

/** Takes a text that is JSON; returns whether one of the fields is in its object more than once: `JSON.parse` only tells the last. */
export function isRepeated(text: string, fields: Fields): boolean {
  const open: Open[] = [];
  let last = "";
  for (const [token] of text.matchAll(TOKENS)) {
    const top = open.at(-1);
    if (token === "{")
      open.push({ fields: top ? (own(top.fields, top.name) ?? {}) : fields, seen: new Set(), name: "" });
    else if (token === "[") open.push({ fields: {}, seen: new Set(), name: "" });
    else if (token === "}" || token === "]") open.pop();
    else if (token !== ":") last = token;
    else if (top && isSeenAgain(top, String(JSON.parse(last)))) return true;
  }
  return false;
}

function isSeenAgain(object: Open, name: string): boolean {
  object.name = name;
  if (own(object.fields, name) === undefined) return false;
  const isAgain = object.seen.has(name);
  object.seen.add(name);
  return isAgain;
}

const own = (fields: Fields, name: string): Fields | undefined =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;
