/** A way in which programs write letters as bytes, one byte for one letter; below 0x80 all are ASCII. */
export interface CodePage {
  readonly id: string
  /** Its name for people. */
  readonly name: string
  /** The letters of the bytes 0x80 to 0xff; U+FFFD where there is none. */
  readonly letters: string
  /** The byte of a letter. */
  readonly bytes: ReadonlyMap<string, number>
}

function codePage(id: string, name: string, letters: string): CodePage {
  const bytes = new Map<string, number>()
  for (let at = 0; at < 128; at++) {
    const letter = letters.charAt(at)
    if (letter !== '\ufffd' && !bytes.has(letter)) bytes.set(letter, 0x80 + at)
  }
  return { id, name, letters, bytes }
}

const latin1 = Array.from({ length: 128 }, (_, at) => String.fromCharCode(0x80 + at)).join('')

// Those of the DOS window, which no web standard knows.
const cp850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0'
const cp852 =
  'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0'

/** The code pages that files of users come in, the likelier first. */
export const codePages: readonly CodePage[] = [
  codePage(
    'windows-1252',
    'Western Windows (1252)',
    '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ',
  ),
  codePage(
    'windows-1250',
    'Central European Windows (1250)',
    '€\u0081‚\u0083„…†‡\u0088‰Š‹ŚŤŽŹ\u0090‘’“”•–—\u0098™š›śťžź\u00a0ˇ˘Ł¤Ą¦§¨©Ş«¬\u00ad®Ż°±˛ł´µ¶·¸ąş»Ľ˝ľżŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙',
  ),
  codePage(
    'windows-1251',
    'Cyrillic Windows (1251)',
    'ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u0098™љ›њќћџ\u00a0ЎўЈ¤Ґ¦§Ё©Є«¬\u00ad®Ї°±Ііґµ¶·ё№є»јЅѕїАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя',
  ),
  codePage(
    'windows-1253',
    'Greek Windows (1253)',
    '€\u0081‚ƒ„…†‡\u0088‰\u008a‹\u008c\u008d\u008e\u008f\u0090‘’“”•–—\u0098™\u009a›\u009c\u009d\u009e\u009f\u00a0΅Ά£¤¥¦§¨©\ufffd«¬\u00ad®―°±²³΄µ¶·ΈΉΊ»Ό½ΎΏΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡ\ufffdΣΤΥΦΧΨΩΪΫάέήίΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώ\ufffd',
  ),
  codePage(
    'windows-1254',
    'Turkish Windows (1254)',
    '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008d\u008e\u008f\u0090‘’“”•–—˜™š›œ\u009d\u009eŸ\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏĞÑÒÓÔÕÖ×ØÙÚÛÜİŞßàáâãäåæçèéêëìíîïğñòóôõö÷øùúûüışÿ',
  ),
  codePage(
    'windows-1257',
    'Baltic Windows (1257)',
    '€\u0081‚\u0083„…†‡\u0088‰\u008a‹\u008c¨ˇ¸\u0090‘’“”•–—\u0098™\u009a›\u009c¯˛\u009f\u00a0\ufffd¢£¤\ufffd¦§Ø©Ŗ«¬\u00ad®Æ°±²³´µ¶·ø¹ŗ»¼½¾æĄĮĀĆÄÅĘĒČÉŹĖĢĶĪĻŠŃŅÓŌÕÖ×ŲŁŚŪÜŻŽßąįāćäåęēčéźėģķīļšńņóōõö÷ųłśūüżž˙',
  ),
  codePage(
    'iso-8859-2',
    'Central European ISO (8859-2)',
    '\u0080\u0081\u0082\u0083\u0084\u0085\u0086\u0087\u0088\u0089\u008a\u008b\u008c\u008d\u008e\u008f\u0090\u0091\u0092\u0093\u0094\u0095\u0096\u0097\u0098\u0099\u009a\u009b\u009c\u009d\u009e\u009f\u00a0Ą˘Ł¤ĽŚ§¨ŠŞŤŹ\u00adŽŻ°ą˛ł´ľśˇ¸šşťź˝žżŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙',
  ),
  codePage(
    'iso-8859-15',
    'Western ISO with € (8859-15)',
    '\u0080\u0081\u0082\u0083\u0084\u0085\u0086\u0087\u0088\u0089\u008a\u008b\u008c\u008d\u008e\u008f\u0090\u0091\u0092\u0093\u0094\u0095\u0096\u0097\u0098\u0099\u009a\u009b\u009c\u009d\u009e\u009f\u00a0¡¢£€¥Š§š©ª«¬\u00ad®¯°±²³Žµ¶·ž¹º»ŒœŸ¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ',
  ),
  codePage('iso-8859-1', 'Western ISO (8859-1)', latin1),
  codePage(
    'macintosh',
    'Mac Roman',
    'ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ',
  ),
  codePage('cp850', 'Western DOS (850)', cp850),
  codePage('cp852', 'Central European DOS (852)', cp852),
  codePage(
    'koi8-r',
    'Russian (KOI8-R)',
    '─│┌┐└┘├┤┬┴┼▀▄█▌▐░▒▓⌠■∙√≈≤≥\u00a0⌡°²·÷═║╒ё╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡Ё╢╣╤╥╦╧╨╩╪╫╬©юабцдефгхийклмнопярстужвьызшэщчъЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ',
  ),
]

/** No files of users come in these, but programs read UTF-8 as if it were in them. */
const readersOnly: readonly CodePage[] = [
  codePage(
    'cp437',
    'DOS (437)',
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  ),
  codePage(
    'cp737',
    'Greek DOS (737)',
    'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψ░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀ωάέήϊίόύϋώΆΈΉΊΌΎΏ±≥≤ΪΫ÷≈°∙·√ⁿ²■\u00a0',
  ),
  codePage(
    'cp775',
    'Baltic DOS (775)',
    'ĆüéāäģåćłēŖŗīŹÄÅÉæÆōöĢ¢ŚśÖÜø£Ø×¤ĀĪóŻżź”¦©®¬½¼Ł«»░▒▓│┤ĄČĘĖ╣║╗╝ĮŠ┐└┴┬├─┼ŲŪ╚╔╩╦╠═╬Žąčęėįšųūž┘┌█▄▌▐▀ÓßŌŃõÕµńĶķĻļņĒŅ’\u00ad±“¾¶§÷„°∙·¹³²■\u00a0',
  ),
  codePage(
    'cp857',
    'Turkish DOS (857)',
    'ÇüéâäàåçêëèïîıÄÅÉæÆôöòûùİÖÜø£ØŞşáíóúñÑĞğ¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ºªÊËÈ\ufffdÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµ\ufffd×ÚÛÙìÿ¯´\u00ad±\ufffd¾¶§÷¸°¨·¹³²■\u00a0',
  ),
  codePage(
    'mac-greek',
    'Mac Greek',
    'Ä¹²É³ÖÜ΅àâä΄¨çéèêë£™îï•½‰ôö¦€ùûü†ΓΔΘΛΞΠß®©ΣΪ§≠°·Α±≤≥¥ΒΕΖΗΙΚΜΦΫΨΩάΝ¬ΟΡ≈Τ«»…\u00a0ΥΧΆΈœ–―“”‘’÷ΉΊΌΎέήίόΏύαβψδεφγηιξκλμνοπώρστθωςχυζϊϋΐΰ\u00ad',
  ),
  codePage(
    'mac-latin2',
    'Mac Central European',
    'ÄĀāÉĄÖÜáąČäčĆćéŹźĎíďĒēĖóėôöõúĚěü†°Ę£§•¶ß®©™ę¨≠ģĮįĪ≤≥īĶ∂∑łĻļĽľĹĺŅņŃ¬√ńŇ∆«»…\u00a0ňŐÕőŌ–—“”‘’÷◊ōŔŕŘ‹›řŖŗŠ‚„šŚśÁŤťÍŽžŪÓÔūŮÚůŰűŲųÝýķŻŁżĢˇ',
  ),
]

/** The same, as the platform knows them. */
const platformReaders = [
  'windows-1255',
  'windows-1256',
  'windows-1258',
  'windows-874',
  'iso-8859-3',
  'iso-8859-4',
  'iso-8859-5',
  'iso-8859-6',
  'iso-8859-7',
  'iso-8859-8',
  'iso-8859-10',
  'iso-8859-13',
  'iso-8859-14',
  'iso-8859-16',
  'ibm866',
  'koi8-u',
  'x-mac-cyrillic',
] as const

/** Of several bytes for a letter: a byte of UTF-8 may take a plain letter behind it along. */
const wideReaders = ['gb18030', 'big5', 'euc-kr', 'euc-jp', 'shift_jis'] as const

interface Decoder {
  decode(bytes: Uint8Array): string
}
/** There wherever this runs, but among the types of neither floor alone. */
declare const TextDecoder: new (label: string) => Decoder

/** Made when they are first needed; a platform may lack one. */
function decodersOf(labels: readonly string[]): () => readonly Decoder[] {
  let made: readonly Decoder[] | undefined
  const make = (label: string): Decoder[] => {
    try {
      return [new TextDecoder(label)]
    } catch {
      return []
    }
  }
  return () => {
    made ??= labels.flatMap(make)
    return made
  }
}
const platformDecoders = decodersOf(platformReaders)
const wideDecoders = decodersOf(wideReaders)

const bytesOf = (bytes: string): Uint8Array => Uint8Array.from(bytes, (byte) => byte.charCodeAt(0))

/** What programs that write no such files read in bytes, one character for each. */
export function* decodedElsewhere(bytes: string): Generator<string> {
  for (const page of readersOnly) yield decoded(bytes, page)
  for (const decoder of platformDecoders()) yield decoder.decode(bytesOf(bytes))
}

/** The same of those that take several bytes for a letter. */
export function* decodedWide(bytes: string): Generator<string> {
  for (const decoder of wideDecoders()) yield decoder.decode(bytesOf(bytes))
}

const ascii = /^[\0-\x7f]*$/

/** The bytes of a text, one character for each; what the code page has no byte for becomes `?`. */
export function encoded(text: string, page: CodePage): string {
  if (ascii.test(text)) return text
  let out = ''
  for (const letter of text) {
    if (letter <= '\x7f') out += letter
    else out += String.fromCharCode(page.bytes.get(letter) ?? 0x3f)
  }
  return out
}

/** The text that bytes mean, one character for each byte. */
export function decoded(bytes: string, page: CodePage): string {
  if (ascii.test(bytes)) return bytes
  let out = ''
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes.charCodeAt(at)
    out += byte < 0x80 ? bytes.charAt(at) : page.letters.charAt(byte - 0x80)
  }
  return out
}

const more = (code: number): number => 0x80 | (code & 0x3f)

/** The bytes of a text as UTF-8, one character for each. */
export function utf8(text: string): string {
  if (ascii.test(text)) return text
  let out = ''
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0
    if (code < 0x80) out += letter
    else if (code < 0x800) out += String.fromCharCode(0xc0 | (code >> 6), more(code))
    else if (code < 0x10000) out += String.fromCharCode(0xe0 | (code >> 12), more(code >> 6), more(code))
    else out += String.fromCharCode(0xf0 | (code >> 18), more(code >> 12), more(code >> 6), more(code))
  }
  return out
}
