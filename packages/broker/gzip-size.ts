/** What the last member of a gzip file says it takes, modulo 4 GiB: https://www.rfc-editor.org/rfc/rfc1952#page-6 */
export const gzipSizeOf = (body: Buffer): number | undefined =>
  body.length < 18 ? undefined : body.readUInt32LE(body.length - 4)
