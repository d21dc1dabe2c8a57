/* Amounts are integers in minor units. The server's own rendering is the pattern: only the number in it is replaced,
   so that symbol, spacing and place of the currency stay as the server writes them. */
export function exponentOf(currency) {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;
}

export function moneyLike(sample, amount, currency) {
  const exponent = exponentOf(currency);
  const unit = 10 ** exponent;
  const shown = /\d\.\d/.test(sample) || amount % unit !== 0 ? exponent : 0;
  const number = new Intl.NumberFormat("en", {
    minimumFractionDigits: shown,
    maximumFractionDigits: shown,
  }).format(amount / unit);
  return sample.replace(/\d[\d.,]*/, number);
}
