import { expect, it } from 'vitest'
import { toItemText } from './item-text.ts'

const base64 = (bytes: Buffer): string => bytes.toString('base64')

it('shows text, and marks bytes that are none', () => {
  expect(toItemText(base64(Buffer.from('cpü x=1')))).toEqual({
    text: 'cpü x=1',
    bytes: 8,
    cut: false,
  })
  expect(toItemText(base64(Buffer.from([0x61, 0xff]))).text).toBe('a\uFFFD')
})

it('cuts what is long', () => {
  const { text, bytes, cut } = toItemText(base64(Buffer.alloc(5000, 0x61)))
  expect([text.length, bytes, cut]).toEqual([2000, 5000, true])
})
