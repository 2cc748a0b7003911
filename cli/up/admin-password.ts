import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../data-folder/replace-file.ts'

export const adminPasswordFile = (folder: string): string => join(folder, 'admin-password')

/** 128 random bits that a person can read out: base32 without padding, in groups. */
export function generatePassword(): string {
  const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789'
  const letters = [...randomBytes(26)].map((byte) => alphabet[byte & 31])
  return letters.join('').replace(/(.{6})(?=.)/g, '$1-')
}

export const writeAdminPassword = (folder: string, password: string): void =>
  replaceFile(adminPasswordFile(folder), `${password}\n`)

/** The password in the data folder; undefined before the first start. */
export function readAdminPassword(folder: string): string | undefined {
  try {
    return readFileSync(adminPasswordFile(folder), 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
