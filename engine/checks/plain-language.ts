/** What makes a text hard to read, and what to write instead. */
export interface Hurdle {
  readonly what: string
  readonly instead: string
}

const mostCharacters = 600
const mostWords = 30
const mostWordsOnAverage = 22

/** What stands in the way of an ordinary reader, in English or Polish (GDPR Art. 12(1)). */
export function hardToRead(text: string): readonly Hurdle[] {
  return [...tooLong(text), ...longSentences(text), ...legalese(text)]
}

function tooLong(text: string): readonly Hurdle[] {
  const { length } = [...text.replace(/\s+/g, ' ').trim()]
  if (length <= mostCharacters) return []
  const instead = `say in under ${mostCharacters} characters what you do and what for; put the rest into a document`
  return [{ what: `it has ${length} characters`, instead }]
}

function longSentences(text: string): readonly Hurdle[] {
  const sentences = sentencesOf(text)
  const longest = sentences.reduce((a, b) => (b.length > a.length ? b : a), [])
  if (longest.length > mostWords) {
    const begins = longest.slice(0, 4).join(' ')
    return [
      {
        what: `a sentence has ${longest.length} words (“${begins} …”)`,
        instead: `make several of it, each of under ${mostWords} words`,
      },
    ]
  }
  const words = sentences.reduce((sum, sentence) => sum + sentence.length, 0)
  if (words <= mostWordsOnAverage * sentences.length) return []
  const average = Math.ceil(words / sentences.length)
  return [
    {
      what: `its sentences have ${average} words on average`,
      instead: `say one thing in a sentence; ${mostWordsOnAverage} words are enough`,
    },
  ]
}

/** The words of each sentence; an item of a list and a line after a blank one begin a new one. */
function sentencesOf(text: string): readonly (readonly string[])[] {
  return text
    .split(/(?<=[.!?…])["”’)\]*_]*\s+|\n[^\S\n]*(?:\n|[-*+]\s|\d+[.)]\s)/u)
    .map((sentence) => sentence.match(/[\p{L}\p{N}]+(?:['’.@/-][\p{L}\p{N}]+)*/gu) ?? [])
    .filter((words) => words.length > 0)
}

function legalese(text: string): readonly Hurdle[] {
  return phrases.flatMap(({ said, instead }) => {
    const found = said.exec(text)?.[0].replace(/\s+/g, ' ')
    return found === undefined
      ? []
      : [{ what: `“${found}” is lawyers' language`, instead: `for “${found}”: ${instead}` }]
  })
}

interface Phrase {
  readonly said: RegExp
  readonly instead: string
}

/** Where `pattern` stands as words of their own, in any case; a space is any space. */
function phrase(pattern: string, instead: string): Phrase {
  return {
    said: new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern.replaceAll(' ', '\\s+')})(?![\\p{L}\\p{N}])`, 'iu'),
    instead,
  }
}

const phrases: readonly Phrase[] = [
  phrase('(?:in accordance with |pursuant to |na podstawie )?art(?:icles?)?\\.?\\s*\\d+', 'leave the article out'),
  phrase('pursuant to|by virtue of|under the provisions of', 'say “under”, or leave it out'),
  phrase('hereinafter|herein|hereby|hereto|hereof|hereunder', 'leave it out, or name the thing'),
  phrase('therein|thereof|thereto|thereunder|whereby|wherein', 'leave it out, or name the thing'),
  phrase('aforementioned|aforesaid|above[- ]mentioned', 'name the thing again'),
  phrase('data subjects?', 'say “you”'),
  phrase('legitimate interests? pursued|overriding legitimate interests?', 'say what you want the data for'),
  phrase('within the meaning of', 'say it in common words'),
  phrase('notwithstanding', 'say “even if” or “despite”'),
  phrase('without prejudice to|for the avoidance of doubt|mutatis mutandis|inter alia', 'leave it out'),
  phrase('shall be deemed|is deemed|are deemed', 'say “counts as”'),
  phrase('in the event that', 'say “if”'),
  phrase('the undersigned', 'say “I” or “you”'),
  phrase('personal data (?:is|are|shall be|will be) processed', 'say “we use …” and what for'),
  phrase('w rozumieniu', 'say it in common words'),
  phrase('na podstawie (?:przepisów|ustawy|rozporządzenia)', 'leave the law out'),
  phrase('zgodnie z (?:przepisami|postanowieniami|ustawą|rozporządzeniem)', 'leave the law out'),
  phrase('niniejsz(?:ym|ymi|y|a|e|ego|ej|ą|ych)', 'leave it out, or name the thing'),
  phrase('podmiot(?:u|owi|em|y|ów|om)? danych|osob(?:a|y|ie|ę|ą), której dane dotyczą', 'say “ty”'),
  phrase('prawnie uzasadnion(?:y|ego|ych|ymi) interes(?:u|y|ów|ami)?', 'say what you want the data for'),
  phrase('wyżej wymienion\\p{L}*|w/w|ww', 'name the thing again'),
  phrase('o któr(?:ym|ej|ych) mowa', 'name the thing'),
  phrase('z zastrzeżeniem|bez uszczerbku dla', 'leave it out, or begin a new sentence'),
  phrase('zwan(?:y|a|e|ą|ego|ej|ych|ymi) dalej', 'leave it out, and use one name'),
]
