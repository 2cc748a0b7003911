const hidden = '<secret>'

/** Warren's own credentials, wherever they stand. */
const ownToken = /wrn_[\w-]+/g
/** `scheme://user:password@`. */
const inUrl = /(:\/\/[^\s/:@'"]*):[^\s/@'"]*@/g
/** What is compared with, or stands at, a name that says it is one: in InfluxQL, Lucene, JSON and Flux; also where the text was cut within it. */
const named =
  /\b(\w*(?:password|passwd|secret|token|api_?key|authorization)\w*\\?["']?(?:::\w+)?\]?\s*(?:=[=~]?|!=|!~|<>|:)\s*(?:\{"\w+":\s*)?)(\\"(?:[^\\]|\\[^"])*(?:\\")?|'(?:[^'\\]|\\.)*'?|"(?:[^"\\]|\\.)*"?|\/(?:[^/\\]|\\.)*\/?|[^\s,;)}&]+)/gi

/** InfluxQL's `WITH PASSWORD 'x'` and `SET PASSWORD FOR u = 'x'`. */
const ofUser = /\b(password(?:\s+for\s+\S+)?\s*=?\s*)'(?:[^'\\]|\\.)*'?/gi

/** Text of a query, or of its refusal, with nothing in it that looks like a secret. */
export const maskSecrets = (text: string): string =>
  text
    .replace(ownToken, hidden)
    .replace(inUrl, `$1:${hidden}@`)
    .replace(ofUser, `$1${hidden}`)
    .replace(named, (_, name: string) => name + hidden)

/** Of a text that is cut, so much more is searched: what looks like a secret only with its end must not be shown because its end is cut off. */
const margin = 1000

/** The start of a text, at most `longest` characters and an ellipsis, without secrets. Not all of it is searched: a query may be half a megabyte. */
export function maskedStart(text: string, longest: number): string {
  const masked = maskSecrets(text.slice(0, longest + margin))
  const isCut = masked.length > longest || text.length > longest + margin
  // A copy: a slice would keep all of a long text in memory.
  return isCut ? Buffer.from(`${masked.slice(0, longest)}…`).toString() : masked
}
