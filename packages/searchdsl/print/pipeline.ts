import type { PipelineAggregation } from '../pipeline-tree.ts'
import { present } from './present.ts'
import { printScript } from './script.ts'

/** The body of a pipeline in Elasticsearch's DSL, made from the tree alone. */
export function printPipeline(pipeline: PipelineAggregation): object {
  switch (pipeline.type) {
    case 'derivative':
    case 'cumulative_sum':
    case 'serial_diff': {
      const { path, unit, lag } = pipeline
      return present({ buckets_path: path, unit: unit?.text, lag })
    }
    case 'moving_fn': {
      const { path, window, shift, script } = pipeline
      return { buckets_path: path, window, shift, script: printScript(script) }
    }
    case 'bucket_script':
      return { buckets_path: pipeline.paths, script: printScript(pipeline.script) }
    case 'avg_bucket':
    case 'max_bucket':
    case 'min_bucket':
    case 'sum_bucket':
      return { buckets_path: `${pipeline.of}>${pipeline.path}` }
  }
}
