/** Returns the lower-case hex sha256 of a text. */
export const sha256 = (text: string): string => new Bun.CryptoHasher("sha256").update(text).digest("hex");
