import type { Route } from './route.ts'
import type { JsonSchema } from './schema.ts'
import { file, shapes } from './shapes.ts'

/** The API's description (OpenAPI 3.1), from the same routes that validate requests. */
export function openApi(routes: readonly Route[], url: string): JsonSchema {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Zgoda',
      version: '1',
      description: 'Cases, clients and consents. Titles come in the language of `Accept-Language` (`en`, `pl`).',
    },
    servers: [{ url: `${url}/api/v1` }],
    paths,
    components: {
      schemas: shapes,
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'zgoda_session' },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
  }
}

function operation(route: Route): JsonSchema {
  return {
    operationId: route.id,
    summary: route.summary,
    security: route.who === 'staff' ? [{ session: [] }, { token: [] }] : [],
    parameters: parameters(route),
    ...(route.body && { requestBody: { required: true, content: { 'application/json': { schema: route.body } } } }),
    responses: responses(route),
  }
}

function parameters(route: Route): readonly JsonSchema[] {
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: name === 'id' ? { type: 'string', format: 'uuid' } : { type: 'string' },
  }))
  const properties = (route.query?.properties ?? {}) as Record<string, JsonSchema>
  const inQuery = Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }))
  const key = { name: 'Idempotency-Key', in: 'header', schema: { type: 'string', maxLength: 200 } }
  return [...inPath, ...inQuery, ...(route.idempotent ? [key] : [])]
}

function responses(route: Route): JsonSchema {
  const problem = { $ref: '#/components/schemas/Problem' }
  const all: Record<string, JsonSchema> = {}
  for (const [status, schema] of Object.entries(route.answers)) {
    const data = schema === file ? 'application/pdf' : 'application/json'
    const type = Number(status) < 400 ? data : 'application/problem+json'
    all[status] = { description: route.summary, ...(schema && { content: { [type]: { schema } } }) }
  }
  all.default = { description: 'Refused, and why.', content: { 'application/problem+json': { schema: problem } } }
  return all
}
