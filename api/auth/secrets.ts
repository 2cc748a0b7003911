import { createHash, randomBytes } from 'node:crypto'

/** Prefix of every API token, so that scanners find leaked ones. */
export const tokenPrefix = 'wrn_'

/** 256 random bits as base64url. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** What is stored of a random secret; 256 random bits need no slow hash. */
export const hashOf = (secret: string): Uint8Array => createHash('sha256').update(secret).digest()
