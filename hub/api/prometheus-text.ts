import type { Histogram } from '../metrics.ts'

export type Labels = Record<string, string>
export type Sample = { labels?: Labels; value: number }

type Kind = 'counter' | 'gauge' | 'histogram'

/** A page of metrics in Prometheus' text format, version 0.0.4. */
export class PrometheusText {
  static readonly contentType = 'text/plain; version=0.0.4; charset=utf-8'
  readonly #lines: string[] = []

  counter(name: string, help: string, samples: Sample[] | number): void {
    this.#family('counter', name, help, samples)
  }

  gauge(name: string, help: string, samples: Sample[] | number): void {
    this.#family('gauge', name, help, samples)
  }

  histogram(name: string, help: string, histograms: Array<{ labels: Labels; histogram: Histogram }>): void {
    this.#head('histogram', name, help)
    for (const { labels, histogram } of histograms) {
      let count = 0
      for (const [index, inBucket] of histogram.counts.entries()) {
        count += inBucket
        const le = String(histogram.bounds[index] ?? '+Inf')
        this.#sample(`${name}_bucket`, { labels: { ...labels, le }, value: count })
      }
      this.#sample(`${name}_sum`, { labels, value: histogram.sum })
      this.#sample(`${name}_count`, { labels, value: count })
    }
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`
  }

  #family(kind: Kind, name: string, help: string, samples: Sample[] | number): void {
    this.#head(kind, name, help)
    for (const sample of typeof samples === 'number' ? [{ value: samples }] : samples) this.#sample(name, sample)
  }

  #head(kind: Kind, name: string, help: string): void {
    this.#lines.push(`# HELP ${name} ${escape(help)}`, `# TYPE ${name} ${kind}`)
  }

  #sample(name: string, { labels = {}, value }: Sample): void {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escape(text).replaceAll('"', '\\"')}"`)
    this.#lines.push(`${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`)
  }
}

const escape = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
