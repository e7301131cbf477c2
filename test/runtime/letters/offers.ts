/** A shop that writes offers to those who agreed, a word about each order, and one letter to somebody else. */
export const offersWorkspace = {
  text: `
company "Flowers & Co" {
  address "Long Street 1, Kraków"
  email "office@flowers.example"
}
role clerk "Clerk" { clients: see, edit, erase }
role viewer "Viewer" { clients: see }

purpose offers "Offers" pl "Oferty" {
  basis consent
  text "We write to you when there are new flowers. You can say no." pl "Piszemy, gdy są nowe kwiaty. Możesz odmówić."
  keep until end
}
purpose delivery "Deliver flowers" pl "Dostawa kwiatów" {
  basis contract
  text "We need an address to bring the flowers to." pl "Potrzebujemy adresu, aby przywieźć kwiaty."
  keep until end
}

letter news "New flowers" pl "Nowe kwiaty" {
  for offers
  body "Hello {{ client.name }}, there are **new roses**."
    pl "Dzień dobry {{ client.name }}, są **nowe róże**."
}
letter received "We have your order" {
  body "Your order is {{ case.number }}."
}
letter driving "Please drive" { body "A parcel waits." }
letter inside "An order" { body "Look at {{ case.number }}." }

process order "Order" {
  show in portal
  access clerk: see, move, edit, erase
  access viewer: see

  field driver "Driver's e-mail" email personal for delivery

  stage new "New" {
    edit driver
    on signal offer { send news to client }
    on signal received { send received to client }
    on signal drive { send driving to driver }
    on signal tell { send inside to clerk }
    when consent to offers is withdrawn { notify clerk "No more offers" }
    move to done by clerk
  }
  final stage done "Done" { on enter { erase driver } }
}
`,
}
