import { Gauge, type Registry } from 'prom-client'
import type { AnswerRoom } from './answer-room.ts'

/** Shows how much of the memory for answers is taken. */
export function measureRoom<Measured extends AnswerRoom>(
  room: Measured,
  registry: Registry,
): Measured {
  new Gauge({
    name: 'warren_api_answer_memory_bytes',
    help: 'Memory that answers have between the stores and who asked, about',
    registers: [registry],
    collect() {
      this.set(room.bytes)
    },
  })
  new Gauge({
    name: 'warren_api_answers_waiting',
    help: 'Answers that wait for memory before they are read on',
    registers: [registry],
    collect() {
      this.set(room.waiting)
    },
  })
  return room
}
