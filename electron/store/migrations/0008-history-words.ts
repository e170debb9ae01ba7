/**
 * The words of the history are folded anew: apostrophes, hyphens, digits of other scripts and what nobody sees are not
 * told apart any more. What is not in the index is put into it in the background.
 */
export const historyWordsAnew = `
DELETE FROM history_words;
`
