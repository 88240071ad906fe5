import { isAscii } from "node:buffer";

// Names and texts of the system are bytes, and most are UTF-8. A byte that is not is in our strings a pair of noncharacters, which Unicode keeps for
// such a use: one for each half of it, told by its last digit (0xe9 is U+FDDE U+FDE9). It comes back as the byte that it was. This is done where
// bytes come in and go out. Not a lone surrogate, as Python has it (PEP 383): node:path loses those.

const BYTE = /[\ufdd8-\ufddf][\ufde0-\ufdef]/;
const BYTES = /[\ufdd8-\ufddf][\ufde0-\ufdef]/g;

/** Well-formed UTF-8, as one character a byte, but for these noncharacters; else one byte. */
const SEQUENCE =
  /(?:[\0-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xef(?!\xb7[\x90-\xaf])[\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})+|[\x80-\xff]/g;
const IN_DOUBT = /[\ufffd\ufdd0-\ufdef]/;

/** Whether a text that the runtime made of bytes may lack some: of what is no UTF-8 it makes U+FFFD. */
export const mayLackBytes = (text: string): boolean => IN_DOUBT.test(text);

const pairOf = (byte: number) => String.fromCharCode(0xfdd0 + (byte >> 4), 0xfde0 + (byte & 15));
const byteOf = (pair: string) => ((pair.charCodeAt(0) & 15) << 4) | (pair.charCodeAt(1) & 15);

/** Whether a text holds bytes that are no UTF-8. */
export const hasBytes = (text: string): boolean => BYTE.test(text);

/** Returns the text that bytes are. */
export function decodeBytes(bytes: Buffer): string {
  const text = bytes.toString();
  if (isAscii(bytes)) return text;
  return mayLackBytes(text) ? bytes.toString("latin1").replace(SEQUENCE, decodePart) : text;
}

const decodePart = (part: string): string =>
  part.length === 1 && part > "\x7f" ? pairOf(part.charCodeAt(0)) : Buffer.from(part, "latin1").toString();

/** Returns a text as the system takes it: as it is, where that is UTF-8, else its bytes. */
export function encodeBytes(text: string): string | Buffer {
  if (!hasBytes(text)) return text;
  const parts: Buffer[] = [];
  let end = 0;
  for (const { 0: pair, index } of text.matchAll(BYTES)) {
    parts.push(Buffer.from(text.slice(end, index)), Buffer.of(byteOf(pair)));
    end = index + pair.length;
  }
  return Buffer.concat([...parts, Buffer.from(text.slice(end))]);
}

/** Returns how many bytes a text has. */
export const byteLength = (text: string): number => Buffer.byteLength(encodeBytes(text));

/** Returns a text with each such byte as people write it: `\xe9`. */
export const showBytes = (text: string): string => text.replace(BYTES, (pair) => `\\x${byteOf(pair).toString(16)}`);

/** Takes JSON; returns it with each such byte as the lone surrogate that Python and others take for it: `\udce9`. */
export const escapeBytes = (json: string): string => json.replace(BYTES, (pair) => `\\udc${byteOf(pair).toString(16)}`);
