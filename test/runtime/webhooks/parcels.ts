import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A workspace that calls a courier and waits for what they say, in a folder of its own. */
export async function parcelWorkspace(url: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'zgoda-parcels-'))
  await writeFile(join(folder, 'parcels.zgoda'), text(url))
  return folder
}

const text = (url: string) => `
company "Parcel office" {
  address "Long Street 1"
  email "office@parcels.example"
}

role clerk "Clerk" { clients: see, edit, erase }
role viewer "Viewer"
role other "Other"

purpose delivery "Bring your parcel" {
  basis contract
  text "We use your address to bring you the parcel."
  keep 1 year after end
  recipients "Fast Courier"
}

purpose tracking "Tell you where it is" {
  basis consent
  text "The courier writes to you where the parcel is. You can say no."
  keep 1 year after end
  recipients "Fast Courier"
}

webhook courier {
  url       "${url}"
  recipient "Fast Courier"
  secret    COURIER_SECRET
}

webhook tracker {
  url       "${url}"
  recipient "Fast Courier"
  secret    COURIER_SECRET
  for       tracking
}

form order "Send a parcel" {
  starts parcel
  ask address
  ask consent to tracking required
  ask mobile when consent to tracking
}

process parcel "Parcel" {
  show in portal
  moves declared
  access clerk: see, move, edit
  access viewer: see

  field address "Address" text  personal for delivery
  field mobile  "Mobile"  text  personal for tracking
  field price   "Price"   money

  stage packed "Packed" {
    edit address, price, mobile
    move to handed by clerk
    move to followed by clerk
    move to asked by clerk
  }

  stage handed "Handed over" {
    show address
    on enter {
      call courier with address, price
      erase address
    }
    on signal delivered go to done
    on signal lost { notify clerk "The parcel is lost" }
    move to done by clerk
  }

  stage followed "Followed" {
    show mobile
    on enter { call tracker with mobile }
    move to done by clerk
  }

  stage asked "Asked" {
    show mobile
    on enter { call courier with mobile, price when consent to tracking }
    move to done by clerk
  }

  final stage done "Done" success {
    on enter { erase address, mobile }
  }
}

process note "Note" {
  access other: see, move, edit
  stage written "Written" {
    on signal read go to kept
    move to kept by other
  }
  final stage kept "Kept" success
}
`
