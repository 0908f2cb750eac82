import type { PhoneNumber } from "../plan/plan.ts";

/**
 * Numbers outside that may be rung, by whatever way: never a short or emergency number, never one that costs more than an ordinary
 * call, never another country but, when a city says so, Nordic mobiles. Everything is rung as E.164 with its "+", so that 011-2…
 * (Norrköping) is never taken for 112.
 *
 * | numbers                                   | `allowed`: a person | `dialable`: set by the city | why                            |
 * |-------------------------------------------|---------------------|-----------------------------|--------------------------------|
 * | area codes; 070 072 073 076 079           | yes                 | yes                         | ordinary telephones            |
 * | 010                                       | yes                 | yes                         | no place, ordinary tariff      |
 * | 020 (free), 077 (shared cost)             | no                  | yes                         | lines that only take calls     |
 * | 0900 0939 0944 099 0649, 071 074 075 078  | no                  | no                          | dear, or no person's telephone |
 * | 112, 113 13, 114 14, 116 xxx, 1177, 118 … | no                  | no                          | no E.164 numbers               |
 *
 * Sources: Post- och telestyrelsen, "Telefoninummerplanens disposition" and "Telefonnummers struktur" (264 area codes; what each series
 * is for); codes and lengths one by one as in libphonenumber's `resources/metadata/46/ranges.csv`, which follows PTS's plan.
 */

export interface Destinations {
  /** Besides Swedish numbers also mobiles of Denmark, Finland, Iceland and Norway. */
  readonly nordicMobiles: boolean;
}

/**
 * A person's own number as E.164 when it may be rung back; else undefined. `typed`: "070-174 06 05", "0046701740605",
 * "+46 70 174 06 05".
 */
export function allowed(typed: string, { nordicMobiles }: Destinations): PhoneNumber | undefined {
  const number = asE164(typed);
  if (number === undefined) return undefined;
  if (swedish.test(number)) return number;
  return nordicMobiles && nordicMobile.test(number) ? number : undefined;
}

/** The same when it is a mobile's, to which a text message may be sent. */
export function mobile(typed: string, destinations: Destinations): PhoneNumber | undefined {
  const number = allowed(typed, destinations);
  return number !== undefined && (!number.startsWith("+46") || swedishMobile.test(number)) ? number : undefined;
}

/** The same of a number that the city has set, in its plan or directory: those that only take calls may be rung too. */
export function dialable(typed: string, destinations: Destinations): PhoneNumber | undefined {
  const number = asE164(typed);
  return number !== undefined && service.test(number) ? number : allowed(typed, destinations);
}

/** A number as E.164 (ITU-T, at most 15 digits); national ones are Sweden's. Undefined when it is no such number. */
export function asE164(typed: string): PhoneNumber | undefined {
  const digits = typed.replace(/[\s()./-]/g, "");
  const number = digits.replace(/^00/, "+").replace(/^0/, "+46");
  return /^\+[1-9]\d{6,14}$/.test(number) ? number : undefined;
}

/** Area codes without their 0, whose numbers have seven to nine digits with the code. No code begins another one. */
const longAreas = "8 11 13 16 21 23 26 33 35 36 40 42 44 46 60 63 90";
/** And those whose numbers have eight or nine. */
const areas = [
  "18 19 31 54",
  "120 121 122 123 125 140 141 142 143 144 150 151 152 155 156 157 158 159 171 173 174 175 176",
  "220 221 222 223 224 225 226 227 240 241 243 246 247 248 250 251 253 258 270 271 278 280 281 290 291 292 293 294 295 297",
  "300 301 302 303 304 320 321 322 325 340 345 346 370 371 372 380 381 382 383 390 392 393",
  "410 411 413 414 415 416 417 418 430 431 433 435 451 454 455 456 457 459 470 471 472 474 476 477 478 479",
  "480 481 485 486 490 491 492 493 494 495 496 498 499",
  "500 501 502 503 504 505 506 510 511 512 513 514 515 520 521 522 523 524 525 526 528 530 531 532 533 534",
  "550 551 552 553 554 555 560 563 564 565 570 571 573 580 581 582 583 584 585 586 587 589 590 591",
  "611 612 613 620 621 622 623 624 640 642 643 644 645 647 650 651 652 653 657 660 661 662 663",
  "670 671 672 680 682 684 687 690 691 692 693 695 696",
  "910 911 912 913 914 915 916 918 920 921 922 923 924 925 926 927 928 929 930 932 933 934 935 940 941 942 943",
  "950 951 952 953 954 960 961 970 971 973 975 976 977 978 980 981",
].join(" ");

const oneOf = (codes: string): string => `(?:${codes.replaceAll(" ", "|")})`;

/** A subscriber's number begins with no 0, which is also what keeps 0900 (premium) apart from 090 (Umeå). */
const swedish = new RegExp(
  `^\\+46(?:(?=\\d{7,9}$)${oneOf(longAreas)}[1-9]\\d+|(?=\\d{8,9}$)${oneOf(areas)}[1-9]\\d+|10[1-8]\\d{6}|7[02369]\\d{7})$`,
);

const swedishMobile = /^\+467[02369]\d{7}$/;

const service = /^\+46(?:20\d{4,7}|77[0-7]\d{6})$/;

/** Denmark, Norway, Finland, Iceland: the ranges of their numbering plans for mobiles. */
const nordicMobile =
  /^\+(?:45(?:2\d|3[01]|4[0-2]|5[0-3]|6[01]|71|81|9[1-3])\d{6}|47[49]\d{7}|358(?:4[0-6]|50)\d{6,8}|354[678]\d{6})$/;
