import { describe, expect, test } from 'vitest'
import { createLineCursor, nextLine, startLines } from './lines.ts'

function linesOf(text: string): string[] {
  const cursor = createLineCursor()
  startLines(cursor, new TextEncoder().encode(text))
  const lines: string[] = []
  while (nextLine(cursor))
    lines.push(new TextDecoder().decode(cursor.bytes.subarray(cursor.start, cursor.end)))
  return lines
}

describe('lines', () => {
  test('leave out blanks, comments, CR and leading white space', () => {
    expect(linesOf('\n# note "a=\n  \t a v=1\r\n\r\n \n\0b v=2\n#\nc v=3')).toEqual([
      'a v=1',
      'b v=2',
      'c v=3',
    ])
    expect(linesOf('')).toEqual([])
    expect(linesOf('\n\n')).toEqual([])
  })

  test('keep a line feed inside a string', () => {
    expect(linesOf('a v="x\ny, z=\\"\n",w=1 5\nb v=1')).toEqual([
      'a v="x\ny, z=\\"\n",w=1 5',
      'b v=1',
    ])
  })

  test('take quotes outside values as they are', () => {
    expect(linesOf('"a,t="x v=1\nb "k"=2\nc,t=" v="s"\nd v=1')).toEqual([
      '"a,t="x v=1',
      'b "k"=2',
      'c,t=" v="s"',
      'd v=1',
    ])
  })

  test('lose one line, not the rest, to a quote that is never closed', () => {
    expect(linesOf('a v=1\nb v="x\nc v=2\nd v=3')).toEqual(['a v=1', 'b v="x', 'c v=2', 'd v=3'])
  })

  test('take linear time however many quotes stay open', () => {
    const text = 'b v="x\n'.repeat(50_001)
    const start = performance.now()
    expect(linesOf(text).length).toBeGreaterThan(1)
    expect(linesOf(`a v="${'\\"\n'.repeat(100_000)}`)).toHaveLength(100_000)
    expect(performance.now() - start).toBeLessThan(2_000)
  })
})
