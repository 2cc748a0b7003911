/** A number that creeps up while things go well and halves when they do not. */
export interface Aimd {
  readonly value: number
  grow(by: number): void
  halve(): void
}

export interface AimdRange {
  readonly min: number
  readonly max: number
}

/** Starts at its maximum. */
export function createAimd({ min, max }: AimdRange): Aimd {
  let value = max
  return {
    get value() {
      return value
    },
    grow: (by) => {
      value = Math.min(max, value + by)
    },
    halve: () => {
      value = Math.max(min, value / 2)
    },
  }
}
