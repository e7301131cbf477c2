import type { ParameterizedContext } from 'koa'
import { cookieIn } from './cookie-header.ts'

export const languages = ['en', 'pl'] as const
export type Language = (typeof languages)[number]

const cookie = 'zgoda_language'

/** The language the person chose, else the one their browser likes best of those we speak, else English. */
export function languageOf({ req }: Pick<ParameterizedContext, 'req'>): Language {
  return known(cookieIn(req.headers.cookie, cookie)) ?? remembered(req.headers['accept-language'] ?? '')
}

export function chooseLanguage(ctx: Pick<ParameterizedContext, 'cookies'>, language: string): void {
  if (known(language))
    ctx.cookies.set(cookie, language, { sameSite: 'lax', httpOnly: true, maxAge: 365 * 24 * 3_600_000 })
}

const answers = new Map<string, Language>()

/** Browsers send few different headers, the same ones again and again. */
function remembered(header: string): Language {
  const known = answers.get(header)
  if (known) return known
  const language = preferred(header)
  if (answers.size < 200 && header.length < 200) answers.set(header, language)
  return language
}

/** RFC 9110 §12.5.4; the first of the highest weight wins. */
function preferred(header: string): Language {
  let best: { language: Language; weight: number } = { language: 'en', weight: 0 }
  for (const range of header.slice(0, 200).split(',')) {
    const [tag = '', ...parameters] = range.trim().toLowerCase().split(';')
    const language = known(tag.split('-')[0])
    const quality = parameters.find((parameter) => parameter.trim().startsWith('q='))
    const weight = quality ? Number(quality.trim().slice(2)) : 1
    if (language && weight > best.weight) best = { language, weight }
  }
  return best.language
}

function known(name: string | undefined): Language | undefined {
  return languages.find((language) => language === name)
}
