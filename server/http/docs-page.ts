/** A readable page of an OpenAPI document: plain HTML, no scripts, so that it stands under the same CSP as the app. */

type Schema = {
  $ref?: string
  type?: string | string[]
  format?: string
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  additionalProperties?: Schema | boolean
}
type Operation = {
  tags?: string[]
  summary?: string
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[]
  requestBody?: { content?: Record<string, { schema?: Schema }> }
  responses?: Record<string, { content?: Record<string, { schema?: Schema }> }>
}
type Document = {
  info: { title: string; description?: string }
  paths?: Record<string, unknown>
  components?: { schemas?: Record<string, unknown> }
}

export function renderDocs(document: unknown): string {
  const { info, paths = {}, components } = document as Document
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({ path, method, operation })),
  )
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags ?? []))]
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => operation.tags?.includes(tag))
    return `<section><h2>${escape(tag)}</h2>${own.map(renderOperation).join('')}</section>`
  })
  const schemas = Object.entries(components?.schemas ?? {}).filter(([name]) => !name.endsWith('Input'))
  return page(
    info.title,
    `<h1>${escape(info.title)}: the REST API</h1><p>${escape(info.description ?? '')}</p>
    <p><a href="/api/openapi.json">OpenAPI 3.1 document</a></p>${sections.join('')}
    <section><h2>Shapes</h2>${schemas.map(([name, schema]) => renderSchema(name, schema as Schema)).join('')}</section>`,
  )
}

function renderOperation({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const parameters = (operation.parameters ?? []).map(
    ({ name, in: place, required, schema }) =>
      `<tr><th><code>${escape(name)}</code></th><td>${escape(place)}${required ? ', required' : ''}</td><td>${typeOf(schema)}</td></tr>`,
  )
  const body = firstSchema(operation.requestBody)
  const answers = Object.entries(operation.responses ?? {}).map(
    ([status, answer]) => `<tr><th>${escape(status)}</th><td></td><td>${typeOf(firstSchema(answer))}</td></tr>`,
  )
  return `<article><h3><span class="method">${escape(method.toUpperCase())}</span> <code>${escape(path)}</code></h3>
    <p>${escape(operation.summary ?? '')}</p>
    <table>${parameters.join('')}${body ? `<tr><th>body</th><td></td><td>${typeOf(body)}</td></tr>` : ''}${answers.join('')}</table>
  </article>`
}

function renderSchema(name: string, schema: Schema): string {
  return `<article id="${escape(name)}"><h3>${escape(name)}</h3><p>${escape(schema.description ?? '')}</p>${typeOf(schema)}</article>`
}

function firstSchema(holder: { content?: Record<string, { schema?: Schema }> } | undefined): Schema | undefined {
  return Object.values(holder?.content ?? {})[0]?.schema
}

function typeOf(schema: Schema | undefined): string {
  if (!schema) return '<i>nothing</i>'
  if (schema.$ref) return reference(schema.$ref)
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ')
  if (schema.enum) return schema.enum.map((value) => `<code>${escape(JSON.stringify(value))}</code>`).join(' or ')
  if (schema.const !== undefined) return `<code>${escape(JSON.stringify(schema.const))}</code>`
  if (schema.properties) return properties(schema)
  if (schema.items) return `list of ${typeOf(schema.items)}`
  if (typeof schema.additionalProperties === 'object') return `map to ${typeOf(schema.additionalProperties)}`
  const type = Array.isArray(schema.type) ? schema.type.join(' or ') : (schema.type ?? 'anything')
  return escape(schema.format ? `${type} (${schema.format})` : type)
}

function properties({ properties = {}, required = [] }: Schema): string {
  const rows = Object.entries(properties).map(
    ([name, schema]) =>
      `<dt><code>${escape(name)}</code>${required.includes(name) ? '' : ' <i>optional</i>'}</dt><dd>${typeOf(schema)}</dd>`,
  )
  return rows.length > 0 ? `<dl>${rows.join('')}</dl>` : '<code>{}</code>'
}

function reference(ref: string): string {
  const name = (ref.split('/').pop() ?? '').replace(/Input$/, '')
  return `<a href="#${escape(name)}">${escape(name)}</a>`
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)} API</title><link rel="stylesheet" href="/api/docs/style.css"></head><body><main>${body}</main></body></html>`
}

export const docsStylesheet = `
:root { color-scheme: light dark; --edge: light-dark(#dcd8d2, #33363b); --dim: light-dark(#6b665e, #9aa0a8); }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; background: light-dark(#fff, #16181b); color: light-dark(#1d1b18, #e8e9eb); }
main { max-width: 60rem; margin-inline: auto; padding: 32px 16px 96px; }
h2 { margin-block: 40px 8px; text-transform: capitalize; }
article { border-block-start: 1px solid var(--edge); padding-block: 16px; }
h3 { margin: 0; font-size: 15px; }
p { margin-block: 4px 8px; color: var(--dim); }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
.method { display: inline-block; min-inline-size: 3.5em; font-size: 12px; color: var(--dim); }
table { border-collapse: collapse; }
th, td { text-align: start; vertical-align: top; padding: 4px 16px 4px 0; font-weight: 400; }
dl { margin: 0; display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; }
dt, dd { margin: 0; }
dl dl { padding-inline-start: 8px; border-inline-start: 2px solid var(--edge); }
i { color: var(--dim); }
a { color: light-dark(#2457c5, #8ab4ff); }
`
