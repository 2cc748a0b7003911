/** The statement is well-formed and cannot be answered. The message is InfluxDB's where InfluxDB has one. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError'
}
