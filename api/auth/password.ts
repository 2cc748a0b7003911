import { hash, verify } from '@node-rs/argon2'

/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane; these are also the library's defaults, written down so that they do not drift. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** argon2id in PHC form. */
export const hashPassword = (password: string): Promise<string> => hash(password, cost)

/** False too for a hash that cannot be read. */
export async function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  try {
    return await verify(passwordHash, password)
  } catch {
    return false
  }
}
