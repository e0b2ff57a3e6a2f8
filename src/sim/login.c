/* Who logs in where: phones and addresses.
 *
 * A crew's few phones work many cards; that is what a detector looks for. So that it is no label, innocent people share
 * too: families a phone and a home's address, everybody the carriers' addresses, and a bookkeeper's phone works the
 * accounts of a dozen shops. A login is an event of its own: it comes some seconds before the payment it is for, for
 * everybody alike. */
#include "sim/sim_private.h"

#define HOUSEHOLD 3           /* civilians behind one address */
#define BOOKKEEPER_SHOPS 12   /* the first shop's owner keeps the books of so many, */
#define BOOKKEEPER_PERCENT 35 /* if these shops are of the share that have one */
#define PLACE_MOBILE UINT32_C(0x40000000)
#define PLACE_CREW UINT32_C(0x80000000)

static bool has_second_phone(uint32_t person) {
    return person % SIM_SECOND_PHONE_EACH == SIM_SECOND_PHONE_AT;
}

uint32_t sim_gang_device(const sim *sim, uint32_t gang, uint32_t which) {
    return 2 * sim->civilian_count + gang * SIM_GANG_DEVICES + which % sim->gangs[gang].device_count;
}

uint32_t sim_company_device(const sim *sim, uint32_t number) {
    uint32_t office = number / BOOKKEEPER_SHOPS;
    bool has_bookkeeper = sim->companies[number].kind == SIM_SHOP && office * 37 % 100 < BOOKKEEPER_PERCENT;
    return sim->companies[has_bookkeeper ? office * BOOKKEEPER_SHOPS : number].owner;
}

uint32_t sim_person_device(sim *sim, uint32_t person) {
    uint64_t point = random_below(&sim->life, 100);
    uint32_t relative = sim->people[person].relative;
    if (point < 4 && relative != SIM_NONE) {
        return relative;
    }
    return point < 40 && has_second_phone(person) ? sim->civilian_count + person : person;
}

void sim_login_at(sim *sim, int64_t time_ms, uint32_t account, uint32_t device) {
    sim_push(sim, time_ms > sim->now_ms ? time_ms : sim->now_ms, SIM_EVENT_LOGIN, account, device);
}

void sim_login(sim *sim, const sim_event *event) {
    uint32_t device = event->detail, civilians = sim->civilian_count;
    bool is_crew = device >= 2 * civilians;
    random_stream *stream = is_crew ? &sim->crime : &sim->life;
    if (!sim_is_open(sim, event->subject, event->time_ms)) {
        return;
    }
    uint32_t place;
    if (random_chance(stream, 35, 100)) {
        place = PLACE_MOBILE + (uint32_t)random_below(stream, civilians / 20 + 10);
    } else if (is_crew) {
        place = PLACE_CREW + (device - 2 * civilians) / SIM_GANG_DEVICES;
    } else {
        place = device % civilians / HOUSEHOLD;
    }
    sim_write_login(sim, event->time_ms, event->subject, device, place);
}
