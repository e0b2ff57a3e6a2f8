/* The store's interface: every call goes to the implementation that opened the store. */
#include "store/store_private.h"

void store_close(store **s) {
    if (*s != NULL) {
        (*s)->ops->close(*s);
        *s = NULL;
    }
}

const char *store_uuid(const store *s) {
    return s->uuid;
}

const unsigned char *store_secret(const store *s) {
    return s->secret;
}

void store_log_end(const store *s, uint64_t *sequence_out, uint64_t *chain_out) {
    s->ops->log_end(s, sequence_out, chain_out);
}

sluice_result store_begin(store *s, sluice_error *error) {
    return s->ops->begin(s, error);
}

sluice_result store_put_batch(store *s, uint64_t sequence_first, uint64_t count, uint64_t chain,
                              const unsigned char *bytes, size_t length, sluice_error *error) {
    return s->ops->put_batch(s, sequence_first, count, chain, bytes, length, error);
}

sluice_result store_put_source(store *s, const store_source *source, sluice_error *error) {
    return s->ops->put_source(s, source, error);
}

sluice_result store_put_truth(store *s, uint64_t sequence, sluice_text key, sluice_text label, sluice_error *error) {
    return s->ops->put_truth(s, sequence, key, label, error);
}

sluice_result store_put_decision(store *s, uint64_t sequence, sluice_text decision, sluice_error *error) {
    return s->ops->put_decision(s, sequence, decision, error);
}

sluice_result store_commit(store *s, sluice_error *error) {
    return s->ops->commit(s, error);
}

void store_rollback(store *s) {
    s->ops->rollback(s);
}

sluice_result store_find_source(store *s, const char *content_sha256, const char *identity, store_source *source_out,
                                sluice_error *error) {
    return s->ops->find_source(s, content_sha256, identity, source_out, error);
}

sluice_result store_read_truth(store *s, store_visit_truth visit, void *context, sluice_error *error) {
    return s->ops->read_truth(s, visit, context, error);
}

sluice_result store_read_decisions(store *s, uint64_t sequence, store_visit_decision visit, void *context,
                                   sluice_error *error) {
    return s->ops->read_decisions(s, sequence, visit, context, error);
}

sluice_result store_read_log(store *s, uint64_t sequence, store_visit_batch visit, void *context, sluice_error *error) {
    return s->ops->read_log(s, sequence, visit, context, error);
}

sluice_result store_chain_at(store *s, uint64_t sequence, uint64_t *chain_out, sluice_error *error) {
    return s->ops->chain_at(s, sequence, chain_out, error);
}

sluice_result store_read_batch_at(store *s, uint64_t sequence, uint64_t *sequence_first_out, uint64_t *chain_before_out,
                                  unsigned char **bytes, size_t *bytes_capacity, size_t *length_out,
                                  sluice_error *error) {
    return s->ops->read_batch_at(s, sequence, sequence_first_out, chain_before_out, bytes, bytes_capacity, length_out,
                                 error);
}

sluice_result store_check(store *s, sluice_error *error) {
    return s->ops->check(s, error);
}
