// Invented people at real places. The addresses are public buildings.

/** Lives in ZIP code 85281, which lies in AZ-01 and AZ-04. */
export const tempe = {
  prefix: "Ms.", first_name: "Maria", last_name: "O’Neil-Nuñez", email: "maria@example.com", phone: "(480) 555-0134",
  address1: "31 E 5th St", address2: "Apt 5", city: "Tempe", state: "AZ", zip: "85281",
};

/** Lives in a ZIP code that lies in one district, CT-03. */
export const newHaven = {
  prefix: "Dr.", first_name: "James", last_name: "Weld", email: "james@example.com",
  address1: "165 Church St", city: "New Haven", state: "CT", zip: "06510",
};

/** Another person: the same one under other names. */
export function another(person, first, last = person.last_name) {
  return { ...person, first_name: first, last_name: last, email: `${first}.${last}@example.com`.toLowerCase().replace(/[^a-z0-9.@-]/g, "") };
}

/** Where no letter can go out, and the words of the page that says so. */
export const places = {
  dc: { city: "Washington", state: "DC", zip: "20001", says: "Your delegate cannot vote on this bill", who: "Eleanor Holmes Norton" },
  pr: { city: "San Juan", state: "PR", zip: "00901", says: "Your Resident Commissioner cannot vote on this bill", who: "Pablo José Hernández" },
  gu: { city: "Hagåtña", state: "GU", zip: "96910", says: "Your delegate cannot vote on this bill", who: "James C. Moylan" },
  vi: { city: "Charlotte Amalie", state: "VI", zip: "00802", says: "Your delegate cannot vote on this bill", who: "Stacey E. Plaskett" },
  as: { city: "Pago Pago", state: "AS", zip: "96799", says: "Your delegate cannot vote on this bill", who: "Aumua Amata Coleman Radewagen" },
  mp: { city: "Saipan", state: "MP", zip: "96950", says: "Your delegate cannot vote on this bill", who: "Kimberlyn King-Hinds" },
  florida: { city: "Lauderhill", state: "FL", zip: "33313", says: "Your seat in the House is empty", who: "Florida’s 20th District" },
  texas: { city: "Del Rio", state: "TX", zip: "78840", says: "Your seat in the House is empty", who: "Texas’ 23rd District" },
  military: { city: "APO", state: "AE", zip: "09012", says: "We need your home address in the United States" },
  box: { city: "Phoenix", state: "AZ", zip: "85011", says: "We need the street where you live" },
  freely: { city: "Pohnpei", state: "GU", zip: "96941", says: "Your address has no seat in Congress" },
  unknown: { city: "Nowhere", state: "AK", zip: "99999", says: "We do not know this ZIP code" },
};
