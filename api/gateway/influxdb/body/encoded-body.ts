import type { BodyBytes } from './body-bytes.ts'

export interface EncodeOptions {
  readonly maxBytes: number
  /** Its gzip is wanted, too. */
  readonly isPacked?: boolean | undefined
}

export interface EncodedBody {
  readonly plain: BodyBytes
  /** Its gzip, where much of it is packed already. To be called once. */
  readonly pack?: (() => Promise<BodyBytes>) | undefined
}
