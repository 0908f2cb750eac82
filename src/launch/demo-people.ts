import type { LanguageLevel, Level, Plan } from "../core/plan/plan.ts";
import type { Competence, Line, Skill } from "../core/routing/types.ts";
import type { Role } from "../store/accounts.ts";

export interface DemoPerson {
  readonly user: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Of those who answer calls, in the plan that runs. */
  readonly brings?: (plan: Plan) => Competence;
}

type Languages = Readonly<Record<string, LanguageLevel>>;
type Subjects = Readonly<Record<string, readonly [Level, Line]>>;

const technical = "Tekniska nämndhuset";
const care = "Andra kontaktcentret";

/** Of what a person knows, what the plan has. In a plan without any of it, everything: the demo must answer there too. */
function specialist(site: string, languages: Languages, districts: readonly string[], subjects: Subjects) {
  return (plan: Plan): Competence => {
    const known = Object.entries(subjects).filter(([group]) => Object.hasOwn(plan.groups, group));
    const skills = known.map(([group, [level, line]]): Skill => ({ group, level, line }));
    return {
      skills: skills.length > 0 ? skills : everything(plan),
      languages,
      districts: districts.filter((district) => plan.districts.includes(district)),
      site,
    };
  };
}

/** First line in every group, so that whoever tries the demo alone gets every call. */
const everything = (plan: Plan): Skill[] => Object.keys(plan.groups).map((group) => ({ group, level: 3, line: 1 }));

/** A small contact centre: two sites, who knows what, in ten languages; each of them is spoken where every group finds help at last. */
export const demoPeople: readonly DemoPerson[] = [
  {
    user: "anna",
    name: "Anna Lindström",
    roles: ["agent"],
    brings: (plan) => ({
      skills: everything(plan),
      languages: { sv: "native", en: "good", es: "basic" },
      districts: [],
      site: technical,
    }),
  },
  {
    user: "bilal",
    name: "Bilal Haddad",
    roles: ["agent"],
    brings: specialist(technical, { sv: "good", en: "good", ar: "native", tr: "basic" }, ["Rinkeby-Kista", "Spånga-Tensta"], {
      bostad: [5, 1],
      stadsmiljo: [4, 1],
      avfall: [4, 1],
      trafik: [3, 1],
      ovrigt: [3, 1],
      fastighet: [2, 1],
    }),
  },
  {
    user: "cecilia",
    name: "Cecilia Ekman",
    roles: ["agent"],
    brings: specialist(care, { sv: "native", en: "good" }, ["Bromma", "Kungsholmen"], {
      aldre: [5, 1],
      forskola: [4, 1],
      utbildning: [3, 1],
      ovrigt: [3, 1],
      konsument: [2, 1],
    }),
  },
  {
    user: "deeqa",
    name: "Deeqa Warsame",
    roles: ["agent"],
    brings: specialist(
      care,
      { sv: "native", en: "good", so: "native", ar: "basic" },
      ["Rinkeby-Kista", "Spånga-Tensta", "Skärholmen"],
      {
        forskola: [5, 1],
        utbildning: [4, 1],
        aldre: [3, 1],
        ovrigt: [4, 1],
      },
    ),
  },
  {
    user: "elina",
    name: "Elina Mäkinen",
    roles: ["agent"],
    brings: specialist(care, { sv: "native", fi: "native", en: "good" }, ["Farsta", "Skarpnäck", "Enskede-Årsta-Vantör"], {
      aldre: [4, 1],
      konsument: [4, 1],
      utbildning: [2, 1],
      ovrigt: [3, 1],
    }),
  },
  {
    user: "golnaz",
    name: "Golnaz Rahimi",
    roles: ["agent"],
    brings: specialist(technical, { sv: "good", en: "good", fa: "native", ku: "good" }, ["Hägersten-Liljeholmen", "Älvsjö"], {
      miljo: [4, 1],
      trafik: [4, 1],
      avfall: [3, 1],
      idrott: [3, 1],
      stadsarkivet: [3, 1],
      foretag: [2, 1],
      ovrigt: [3, 1],
    }),
  },
  {
    user: "henrik",
    name: "Henrik Zielinski",
    roles: ["agent"],
    brings: specialist(technical, { sv: "native", en: "good", pl: "good" }, ["Södermalm", "Norrmalm", "Östermalm"], {
      bygglov: [5, 2],
      exploatering: [5, 2],
      fastighet: [4, 2],
      foretag: [4, 1],
      ovrigt: [3, 1],
    }),
  },
  { user: "lena", name: "Lena Norberg", roles: ["lead", "admin"] },
];
