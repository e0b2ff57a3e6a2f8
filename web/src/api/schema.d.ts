// Made by scripts/console_api.sh from the daemon's /openapi.json; not to be edited.

export interface components {
    schemas: {
        problem: {
            type: string;
            title: string;
            title_zh: string;
            status: number;
            detail?: string;
            request: string;
            errors?: components["schemas"]["fault"][];
        };
        fault: {
            pointer?: string;
            parameter?: string;
            detail: string;
        };
        health: {
            /** @enum {string} */
            status: "ok";
            version: string;
            now: string;
            /** @enum {string} */
            clock: "machine" | "simulated";
        };
        ready: {
            /** @enum {string} */
            status: "ready";
            sequence: number;
        };
        signal: {
            /** @enum {string} */
            kind?: "transfer" | "withdrawal" | "account" | "holder" | "device" | "login";
            id?: string;
            time: string;
            from?: string;
            to?: string;
            amount_fen?: number;
            amount?: unknown;
            currency?: string;
            received_fen?: number;
            received?: unknown;
            received_currency?: string;
            from_balance_fen?: number;
            from_balance?: unknown;
            to_balance_fen?: number;
            to_balance?: unknown;
            key?: string;
            account?: string;
            type?: string;
            holder?: string;
            name?: string;
            /** @enum {string} */
            event?: "seen" | "blocked" | "unblocked" | "closed";
            device?: string;
            place?: string;
            label?: string;
        };
        decision: {
            transfer: string;
            duplicate: boolean;
            /** @enum {string} */
            action?: "allow" | "verify" | "delay" | "stop";
            score?: number;
            probability?: number | null;
            typology?: string | null;
            subject?: string | null;
            reasons?: components["schemas"]["decision_reason"][];
        };
        decision_reason: {
            rule: string;
            version: number;
            weight: number;
            en: string;
            zh: string;
        };
        ingest_summary: {
            accepted: number;
            duplicates: number;
            rejected: number;
            rounded: number;
            alerts: number;
            sequence: number;
            errors: components["schemas"]["line_error"][];
        };
        line_error: {
            line: number;
            field: string | null;
            detail: string;
        };
        /** Sluice account profile */
        published_account: {
            account: string;
            type: string | null;
            /** @enum {unknown} */
            status: "open" | "blocked" | "closed";
            holder: string | null;
            holder_name_masked: string | null;
            opened: components["schemas"]["published_account"]["$defs"]["time_or_null"];
            first: components["schemas"]["published_account"]["$defs"]["time_or_null"];
            last: components["schemas"]["published_account"]["$defs"]["time_or_null"];
            as_of: number;
            period: {
                from: components["schemas"]["published_account"]["$defs"]["time_or_null"];
                to: components["schemas"]["published_account"]["$defs"]["time_or_null"];
                recent_from: components["schemas"]["published_account"]["$defs"]["time_or_null"];
            };
            balance: {
                opening_fen: number;
                opening_inferred: boolean;
                start_fen: number;
                end_fen: number;
                low_fen: number;
                high_fen: number;
            };
            in: components["schemas"]["published_account"]["$defs"]["side"];
            out: components["schemas"]["published_account"]["$defs"]["side"];
            withdrawals: components["schemas"]["published_account"]["$defs"]["side"];
            days: {
                day: string;
                closing_fen: number;
                low_fen: number;
                high_fen: number;
                in: components["schemas"]["published_account"]["$defs"]["side"];
                out: components["schemas"]["published_account"]["$defs"]["side"];
            }[];
            hours: {
                count: number[][];
                amount_fen: number[][];
            };
            counterparties: {
                count: number;
                new: number;
                common: number;
                vanished: number;
                top: {
                    key: string | null;
                    in: components["schemas"]["published_account"]["$defs"]["side"];
                    out: components["schemas"]["published_account"]["$defs"]["side"];
                    first: components["schemas"]["published_account"]["$defs"]["time"];
                    last: components["schemas"]["published_account"]["$defs"]["time"];
                    new: boolean;
                    common: boolean;
                    vanished: boolean;
                }[];
            };
            dwell: {
                matched_fen: number;
                p10_ms: number | null;
                p25_ms: number | null;
                p50_ms: number | null;
                p75_ms: number | null;
                p90_ms: number | null;
            };
            pass_through: {
                in_fen: number;
                within_1h_fen: number;
                within_24h_fen: number;
            };
            logins: {
                count: number;
                device_count: number;
                devices: {
                    key: string;
                    logins: number;
                    accounts: number;
                    first: components["schemas"]["published_account"]["$defs"]["time"];
                    last: components["schemas"]["published_account"]["$defs"]["time"];
                }[];
            };
            $defs: {
                time: string;
                time_or_null: string | null;
                side: {
                    amount_fen: number;
                    count: number;
                };
            };
        };
        ledger_page: {
            as_of: number;
            items: components["schemas"]["ledger_entry"][];
            next: string | null;
        };
        ledger_entry: {
            sequence: number;
            /** @enum {string} */
            kind: "transfer" | "withdrawal";
            time: string;
            /** @enum {string} */
            direction: "in" | "out";
            counterparty: string | null;
            amount_fen: number;
            balance_fen: number;
        };
        transfer: {
            id: string;
            sequence: number;
            /** @enum {string} */
            kind: "transfer" | "withdrawal";
            time: string;
            from: string;
            to: string | null;
            amount_fen: number;
            currency: string;
            received_fen: number;
            received_currency: string;
        };
        /** Sluice trace */
        published_trace: {
            start: components["schemas"]["published_trace"]["$defs"]["start"] | {
                victims: components["schemas"]["published_trace"]["$defs"]["start"][];
            };
            /** @enum {unknown} */
            method: "fifo" | "lifo" | "prorata" | "poison" | "bounds";
            as_of: number;
            total_fen: number;
            accounts: {
                key: string;
                layer: number;
                is_start: boolean;
                /** @enum {unknown} */
                status: "open" | "blocked" | "closed";
                in_fen: number;
                in_certain_fen?: number;
                out_fen: number;
                out_certain_fen?: number;
                held_fen: number;
                held_certain_fen?: number;
                by_victim?: {
                    victim: string;
                    in_fen: number;
                    in_certain_fen?: number;
                    out_fen: number;
                    out_certain_fen?: number;
                    held_fen: number;
                    held_certain_fen?: number;
                }[];
                cut_fen: number;
                opening_fen: number;
                balance_fen: number;
                opening_inferred: boolean;
                first: components["schemas"]["published_trace"]["$defs"]["time"];
                last: components["schemas"]["published_trace"]["$defs"]["time"];
                dwell_ms: number | null;
            }[];
            edges: {
                from: string;
                to: string;
                sink: string | null;
                count: number;
                amount_fen: number;
                taint_fen: number;
                taint_certain_fen?: number;
                by_victim?: {
                    victim: string;
                    taint_fen: number;
                    taint_certain_fen?: number;
                }[];
                first: components["schemas"]["published_trace"]["$defs"]["time"];
                last: components["schemas"]["published_trace"]["$defs"]["time"];
            }[];
            sinks: {
                kind: string;
                key: string;
                amount_fen: number;
                amount_certain_fen?: number;
                by_victim?: {
                    victim: string;
                    amount_fen: number;
                    amount_certain_fen?: number;
                }[];
            }[];
            cut: {
                /** @enum {unknown} */
                reason: "within" | "depth" | "min_amount" | "entries_max" | "time_max" | "not_in_account";
                key: string;
                amount_fen: number;
                amount_certain_fen?: number;
                by_victim?: {
                    victim: string;
                    amount_fen: number;
                    amount_certain_fen?: number;
                }[];
            }[];
            stop_list: {
                rank: number;
                key: string;
                layer: number;
                amount_fen: number;
                balance_fen: number;
                /** @enum {unknown} */
                status: "open" | "blocked" | "closed";
                last: components["schemas"]["published_trace"]["$defs"]["time"];
            }[];
            layout: {
                key: string;
                sink: string | null;
                column: number;
                row: number;
                x: number;
                y: number;
                height: number;
            }[];
            entries_read: number;
            transfers_followed: number;
            mixed_currency: boolean;
            ledger_sha256: string;
            $defs: {
                time: string;
                start: {
                    victim: string;
                    transfer: string | null;
                    account: string;
                    time: components["schemas"]["published_trace"]["$defs"]["time"];
                    amount_fen: number;
                    currency: string;
                };
            };
        };
        trace_question: {
            starts: components["schemas"]["trace_start"][];
            sinks?: string[];
            /** @enum {string} */
            method?: "fifo" | "lifo" | "prorata" | "poison" | "bounds";
            within?: string;
            depth?: number;
            min_fen?: number;
            entries_max?: number;
            as_of?: number;
            until?: string;
        };
        trace_start: {
            transfer?: string;
            account?: string;
            at?: string;
            amount_fen?: number;
            victim?: string;
        } | unknown | unknown;
        findings_question: {
            from?: string;
            to?: string;
            as_of?: number;
            /** @enum {string} */
            order?: "time" | "log";
            quiet?: string;
            evidence?: number;
            /** @enum {string} */
            format?: "ndjson" | "csv";
        };
        /** Sluice finding */
        published_finding: {
            subject: string;
            /** @enum {unknown} */
            side: "payer" | "payee";
            typology: string;
            title_en: string;
            title_zh: string;
            fraud_type: string | null;
            score: number;
            /** @enum {unknown} */
            action: "allow" | "verify" | "delay" | "stop";
            /** @enum {unknown} */
            status: "live" | "draft" | "snoozed";
            raised: {
                sequence: number;
                time: string;
            };
            peak: {
                sequence: number;
                time: string;
            };
            last: {
                sequence: number;
                time: string;
            };
            hits: number;
            amount_fen: number;
            reasons: {
                rule: string;
                version: number;
                weight: number;
                en: string;
                zh: string;
            }[];
            model: {
                probability: number;
                reasons: {
                    feature: string;
                    contribution: number;
                }[];
            } | null;
            evidence_count: number;
            evidence: {
                id: string;
                sequence: number;
                time: string;
                from: string;
                to: string | null;
                amount_fen: number;
                /** @enum {unknown} */
                role: "trigger" | "pattern";
            }[];
            as_of: number;
            rules_sha256: string | null;
            model_sha256: string | null;
        };
        job: {
            id: string;
            operation: string;
            /** @enum {string} */
            state: "queued" | "running" | "done" | "failed" | "cancelled";
            done: number;
            total: number;
            created: string;
            started?: string;
            finished?: string;
            result?: string;
            result_bytes?: number;
            detail?: string;
        };
        back_test_question: {
            from?: string;
            to?: string;
            as_of?: number;
            /** @enum {string} */
            order?: "time" | "log";
            quiet?: string;
            draft?: string;
            draft_text?: string;
        };
        patterns_question: {
            patterns: string;
            as_of?: number;
        };
        pattern_counts: {
            patterns: components["schemas"]["pattern_count"][];
        };
        pattern_count: {
            pattern: string;
            transfers: number;
            occurrences: number;
            bounded: number;
            histogram: unknown;
        };
        rules: {
            deciding: boolean;
            rules: number;
            patterns: number;
            features: number;
            rules_sha256: string | null;
            model_sha256: string | null;
        };
        job_list: {
            items: {
                id: string;
                operation: string;
                /** @enum {string} */
                state: "queued" | "running" | "done" | "failed" | "cancelled";
                done: number;
                total: number;
                created: string;
                started?: string;
                finished?: string;
                result?: string;
                result_bytes?: number;
                detail?: string;
            }[];
            next: string | null;
        };
        notice: {
            zh?: string;
            en?: string;
            is_demonstration?: boolean;
            accounts?: components["schemas"]["notice_account"][];
            password?: string;
            call?: string;
            transfer?: string;
        };
        notice_account: {
            login: string;
            name: string;
            roles: string;
            unit?: string;
        };
        rule_files: {
            items: components["schemas"]["rule_file"][];
        };
        rule_file: {
            path: string;
            text: string;
        };
        rules_check: {
            draft?: string;
            draft_text?: string;
        };
        rules_checked: {
            ok: boolean;
            problems: components["schemas"]["rules_problem"][];
            rules: number;
            drafts: number;
            typologies: number;
            patterns: number;
            features: number;
            sha256: string | null;
        };
        rules_problem: {
            file: string;
            line: number;
            column: number;
            detail: string;
        };
        lead_page: {
            items: components["schemas"]["lead"][];
            next: string | null;
        };
        lead: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            type: string;
            subject: string;
            title: string;
            words?: string | null;
            /** @enum {string|null} */
            tier?: "urgent" | "high" | "medium" | "low" | null;
            score?: number | null;
            /** @enum {string} */
            source: "finding" | "report" | "tip" | "partner" | "file";
            reference?: string | null;
            source_count: number;
            institution?: string | null;
            /** @enum {string} */
            state: "new" | "assigned" | "accepted" | "finished" | "became_case";
            district?: number | null;
            station?: number | null;
            assignee?: number | null;
            due?: string | null;
            /** @enum {string|null} */
            level?: "station" | "district" | "city" | "commander" | null;
            escalations?: number | null;
            /** @enum {string|null} */
            result?: "confirmed" | "not_confirmed" | "cannot_check" | null;
            feedback?: string | null;
            finished_by?: number | null;
            finished_at?: string | null;
            case?: number | null;
        };
        history_page: {
            items: {
                id: number;
                version: number;
                created_at: string;
                updated_at: string;
                number?: string;
                acts?: string[];
                kind: string;
                record: number;
                act: string;
                from_state?: string | null;
                to_state?: string | null;
                user?: number | null;
                unit?: number | null;
                at: string;
                note?: string | null;
                law?: string | null;
            }[];
            next: string | null;
        };
        lead_source_page: {
            items: {
                id: number;
                version: number;
                created_at: string;
                updated_at: string;
                number?: string;
                acts?: string[];
                lead: number;
                /** @enum {string} */
                source: "finding" | "report" | "tip" | "partner" | "file";
                reference?: string | null;
                institution?: string | null;
                words?: string | null;
                user?: number | null;
                at: string;
                feedback?: string | null;
                feedback_at?: string | null;
            }[];
            next: string | null;
        };
        lead_comment_page: {
            items: components["schemas"]["lead_comment"][];
            next: string | null;
        };
        lead_comments_create: {
            words: string;
        };
        lead_comment: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            lead: number;
            words: string;
            by?: number | null;
            at: string;
        };
        lead_create: {
            type: string;
            subject: string;
            title: string;
            words?: string;
            /** @enum {string} */
            tier?: "urgent" | "high" | "medium" | "low";
            score?: number;
            /** @enum {string} */
            source?: "finding" | "report" | "tip" | "partner" | "file";
            reference?: string;
            address?: string;
            division?: string;
            phone?: string;
        };
        lead_assign: {
            assignee: number;
            note?: string;
        };
        lead_dispatch: {
            unit: number;
            note?: string;
        };
        lead_accept: {
            note?: string;
        };
        lead_finish: {
            /** @enum {string} */
            result: "confirmed" | "not_confirmed" | "cannot_check";
            feedback: string;
            note?: string;
        };
        lead_to_case: {
            case_title?: string;
            fraud_type?: string;
            feedback: string;
        };
        lead_reopen: {
            note: string;
        };
        bulk_act: {
            act: string;
            items: components["schemas"]["bulk_item"][];
            input?: unknown;
        };
        bulk_item: {
            id: number;
            version?: number;
        };
        warning_page: {
            items: components["schemas"]["warning"][];
            next: string | null;
        };
        warning: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            victim: string;
            name?: string | null;
            phone?: string | null;
            address?: string | null;
            division?: string | null;
            tier: string;
            score?: number | null;
            reason?: string | null;
            fraud_type?: string | null;
            /** @enum {string} */
            source: "finding" | "report" | "tip" | "partner" | "file";
            reference?: string | null;
            institution?: string | null;
            alerts?: number | null;
            thread?: number | null;
            /** @enum {string} */
            state: "new" | "signed" | "working" | "not_found" | "closing" | "closed";
            district?: number | null;
            station?: number | null;
            assignee?: number | null;
            due?: string | null;
            /** @enum {string|null} */
            level?: "station" | "district" | "city" | "commander" | null;
            escalations?: number | null;
            /** @enum {string|null} */
            next_channel?: "sms" | "phone" | "visit" | null;
            channel_attempts?: number | null;
            attempts?: number | null;
            last_attempt_at?: string | null;
            is_reached?: boolean | null;
            is_confirmed?: boolean | null;
            signed_by?: number | null;
            signed_at?: string | null;
            closing?: string | null;
            closing_by?: number | null;
            closed_by?: number | null;
            closed_at?: string | null;
            duplicate_of?: number | null;
            at_risk_fen?: number | null;
            /** @enum {string|null} */
            averted_basis?: "pending_transfer" | "balance" | "stated" | "other" | null;
            averted_words?: string | null;
            averted_percent?: number | null;
            averted_fen?: number | null;
            moved_fen?: number | null;
            moved_at?: string | null;
            stop?: number | null;
            /** @enum {string|null} */
            review?: "due" | "overdue" | "done" | null;
            review_words?: string | null;
            review_by?: number | null;
            /** @enum {string|null} */
            call_back?: "due" | "overdue" | "holds" | "paid_after" | "not_reached" | null;
            call_back_words?: string | null;
            call_back_by?: number | null;
            call_back_at?: string | null;
        };
        attempt_page: {
            items: {
                id: number;
                version: number;
                created_at: string;
                updated_at: string;
                number?: string;
                acts?: string[];
                warning: number;
                /** @enum {string} */
                channel: "sms" | "phone" | "three_way" | "visit";
                /** @enum {string} */
                result: "sent" | "no_answer" | "wrong_number" | "not_there" | "refused" | "reached" | "dissuaded";
                is_face_to_face?: boolean | null;
                is_identity_checked?: boolean | null;
                script?: string | null;
                words?: string | null;
                by?: number | null;
                at: string;
            }[];
            next: string | null;
        };
        warning_comment_page: {
            items: components["schemas"]["warning_comment"][];
            next: string | null;
        };
        warning_comments_create: {
            words: string;
        };
        warning_comment: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            warning: number;
            words: string;
            by?: number | null;
            at: string;
        };
        warning_create: {
            victim?: string;
            name?: string;
            phone?: string;
            address?: string;
            division?: string;
            tier?: string;
            score?: number;
            reason: string;
            fraud_type?: string;
            /** @enum {string} */
            source?: "finding" | "report" | "tip" | "partner" | "file";
            reference?: string;
        };
        warning_edit: {
            name?: string;
            phone?: string;
            address?: string;
            division?: string;
            fraud_type?: string;
            note?: string;
        };
        warning_sign: {
            note?: string;
        };
        warning_dispatch: {
            unit: number;
            note?: string;
        };
        warning_assign: {
            assignee: number;
            note?: string;
        };
        warning_attempt: {
            /** @enum {string} */
            channel: "sms" | "phone" | "three_way" | "visit";
            /** @enum {string} */
            result: "sent" | "no_answer" | "wrong_number" | "not_there" | "refused" | "reached" | "dissuaded";
            is_face_to_face?: boolean;
            is_identity_checked?: boolean;
            words?: string;
            at?: string;
        };
        warning_not_found_yet: {
            note: string;
        };
        warning_search_again: {
            note?: string;
        };
        warning_retier: {
            tier: string;
            note: string;
        };
        warning_money_moved: {
            moved_fen?: number;
            moved_at?: string;
            stop?: number;
            note?: string;
        };
        warning_propose_closing: {
            closing: string;
            duplicate_of?: number;
            at_risk_fen?: number;
            /** @enum {string} */
            averted_basis?: "pending_transfer" | "balance" | "stated" | "other";
            averted_words?: string;
            note?: string;
        };
        warning_approve_closing: {
            note?: string;
        };
        warning_refuse_closing: {
            note: string;
        };
        warning_call_back: {
            /** @enum {string} */
            call_back: "holds" | "paid_after" | "not_reached";
            call_back_words?: string;
            paid_fen?: number;
        };
        warning_review: {
            review_words: string;
        };
        warning_reopen: {
            note: string;
        };
        report_page: {
            items: components["schemas"]["report"][];
            next: string | null;
        };
        report: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            /** @enum {string} */
            channel: "phone" | "counter" | "online" | "bank" | "other";
            called_at: string;
            victim_name: string;
            victim_phone?: string | null;
            victim_identity?: string | null;
            victim_address?: string | null;
            victim_division?: string | null;
            victim_account?: string | null;
            words?: string | null;
            fraud_type?: string | null;
            loss_fen: number;
            transfer_count: number;
            /** @enum {string} */
            state: "open" | "in_case" | "closed";
            district?: number | null;
            station?: number | null;
            home_district?: number | null;
            assignee?: number | null;
            taken_by?: number | null;
            due?: string | null;
            orders_at?: string | null;
            is_late: boolean;
            case?: number | null;
            warning?: number | null;
            /** @enum {string|null} */
            result?: "false_report" | "no_fraud" | "withdrawn" | "handed_over" | "advised" | null;
            closed_by?: number | null;
            closed_at?: string | null;
        };
        report_transfer_page: {
            items: {
                id: number;
                version: number;
                created_at: string;
                updated_at: string;
                number?: string;
                acts?: string[];
                report: number;
                from?: string | null;
                to: string;
                bank?: string | null;
                name?: string | null;
                amount_fen: number;
                time?: string | null;
                transfer?: string | null;
            }[];
            next: string | null;
        };
        report_comment_page: {
            items: components["schemas"]["report_comment"][];
            next: string | null;
        };
        report_comments_create: {
            words: string;
        };
        report_comment: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            report: number;
            words: string;
            by?: number | null;
            at: string;
        };
        report_create: {
            /** @enum {string} */
            channel: "phone" | "counter" | "online" | "bank" | "other";
            called_at?: string;
            victim_name: string;
            victim_phone?: string;
            victim_identity?: string;
            victim_address?: string;
            victim_division?: string;
            victim_account?: string;
            words?: string;
            fraud_type?: string;
            transfers?: unknown;
            stop?: boolean;
        };
        report_edit: {
            called_at?: string;
            victim_name?: string;
            victim_phone?: string;
            victim_identity?: string;
            victim_address?: string;
            victim_division?: string;
            victim_account?: string;
            words?: string;
            fraud_type?: string;
            note?: string;
        };
        report_add_transfers: {
            transfers: unknown;
            stop?: boolean;
        };
        report_assign: {
            assignee: number;
            note?: string;
        };
        report_warn: {
            tier: string;
            reason: string;
        };
        report_to_case: {
            into?: number;
            case_title?: string;
            note?: string;
        };
        report_close: {
            /** @enum {string} */
            result: "false_report" | "no_fraud" | "withdrawn" | "handed_over" | "advised";
            note: string;
        };
        case_page: {
            items: components["schemas"]["case"][];
            next: string | null;
        };
        case: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            title: string;
            summary?: string | null;
            fraud_type?: string | null;
            fraud_type_2?: string | null;
            typed_at?: string | null;
            /** @enum {string} */
            state: "open" | "filing" | "filed" | "suspended" | "closing" | "closed";
            district?: number | null;
            station?: number | null;
            assignee?: number | null;
            opened_by?: number | null;
            loss_fen?: number | null;
            report_count?: number | null;
            filing_by?: number | null;
            filing_at?: string | null;
            filing_number?: string | null;
            filed_by?: number | null;
            filed_at?: string | null;
            /** @enum {string|null} */
            closing?: "solved" | "withdrawn" | "no_crime" | "other_authority" | "merged" | null;
            /** @enum {string|null} */
            closing_from?: "open" | "filed" | "suspended" | null;
            closing_by?: number | null;
            closed_by?: number | null;
            closed_at?: string | null;
            messages?: number | null;
            calls?: number | null;
            recipients?: number | null;
            settlement_fen?: number | null;
            gains_fen?: number | null;
        };
        task_page: {
            items: components["schemas"]["task"][];
            next: string | null;
        };
        entity_page: {
            items: components["schemas"]["entity"][];
            next: string | null;
        };
        evidence_page: {
            items: components["schemas"]["evidence"][];
            next: string | null;
        };
        case_comment_page: {
            items: components["schemas"]["case_comment"][];
            next: string | null;
        };
        series_link_page: {
            items: components["schemas"]["series_link"][];
            next: string | null;
        };
        case_tasks_create: {
            title: string;
            words?: string;
            assignee: number;
            due: string;
        };
        task: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            case: number;
            title: string;
            words?: string | null;
            assignee: number;
            due: string;
            /** @enum {string} */
            state: "open" | "done" | "cancelled";
            is_overdue: boolean;
            result?: string | null;
            made_by?: number | null;
            done_by?: number | null;
            done_at?: string | null;
        };
        case_entities_create: {
            key: string;
            role: string;
            words?: string;
        };
        entity: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            case: number;
            key: string;
            role: string;
            words?: string | null;
            /** @enum {string} */
            state: "linked" | "removed";
        };
        case_evidence_create: {
            name: string;
            media: string;
            bytes: string;
            sha256?: string;
            from?: string;
            words?: string;
        };
        evidence: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            case: number;
            name: string;
            media: string;
            size: number;
            sha256: string;
            content: number;
            from?: string | null;
            words?: string | null;
            by?: number | null;
            at: string;
        };
        case_comments_create: {
            words: string;
        };
        case_comment: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            case: number;
            words: string;
            by?: number | null;
            at: string;
        };
        case_reports_create: {
            /** @enum {string} */
            channel: "phone" | "counter" | "online" | "bank" | "other";
            called_at?: string;
            victim_name: string;
            victim_phone?: string;
            victim_identity?: string;
            victim_address?: string;
            victim_division?: string;
            victim_account?: string;
            words?: string;
            fraud_type?: string;
            transfers?: unknown;
            stop?: boolean;
        };
        case_links_create: {
            series: number;
            key: string;
            words?: string;
        };
        series_link: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            series: number;
            case: number;
            key: string;
            words?: string | null;
            /** @enum {string} */
            state: "linked" | "unlinked";
            linked_case?: number | null;
            by?: number | null;
            at: string;
        };
        case_open: {
            title: string;
            summary?: string;
            fraud_type?: string;
            fraud_type_2?: string;
            messages?: number;
            calls?: number;
            recipients?: number;
            settlement_fen?: number;
            gains_fen?: number;
        };
        case_edit: {
            title?: string;
            summary?: string;
            fraud_type?: string;
            fraud_type_2?: string;
            messages?: number;
            calls?: number;
            recipients?: number;
            settlement_fen?: number;
            gains_fen?: number;
            note?: string;
        };
        case_assign: {
            assignee: number;
            note?: string;
        };
        case_dispatch: {
            unit: number;
            note: string;
        };
        case_request_filing: {
            note: string;
        };
        case_approve_filing: {
            filing_number: string;
            note?: string;
        };
        case_refuse_filing: {
            note: string;
        };
        case_suspend: {
            note: string;
        };
        case_resume: {
            note: string;
        };
        case_request_no_filing: {
            /** @enum {string} */
            closing: "solved" | "withdrawn" | "no_crime" | "other_authority" | "merged";
            note: string;
        };
        case_request_closing: {
            /** @enum {string} */
            closing: "solved" | "withdrawn" | "no_crime" | "other_authority" | "merged";
            note: string;
        };
        case_approve_closing: {
            note?: string;
        };
        case_refuse_closing: {
            note: string;
        };
        case_reopen: {
            note: string;
        };
        task_create: {
            case: number;
            title: string;
            words?: string;
            assignee: number;
            due: string;
        };
        task_edit: {
            title?: string;
            words?: string;
            assignee?: number;
            due?: string;
            note?: string;
        };
        task_finish: {
            result: string;
        };
        task_cancel: {
            note: string;
        };
        entity_create: {
            case: number;
            key: string;
            role: string;
            words?: string;
        };
        entity_edit: {
            role?: string;
            words?: string;
            note?: string;
        };
        entity_remove: {
            note: string;
        };
        custody_page: {
            items: components["schemas"]["custody"][];
            next: string | null;
        };
        evidence_custody_create: {
            /** @enum {string} */
            what: "received" | "handed_over" | "viewed" | "copied" | "sealed" | "returned";
            from?: string;
            to?: string;
            place?: string;
            words?: string;
        };
        custody: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            evidence: number;
            /** @enum {string} */
            what: "received" | "handed_over" | "viewed" | "copied" | "sealed" | "returned";
            from?: string | null;
            to?: string | null;
            place?: string | null;
            words?: string | null;
            by?: number | null;
            at: string;
        };
        evidence_create: {
            case: number;
            name: string;
            media: string;
            bytes: string;
            sha256?: string;
            from?: string;
            words?: string;
        };
        series_page: {
            items: components["schemas"]["series"][];
            next: string | null;
        };
        series: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            title: string;
            words?: string | null;
            /** @enum {string} */
            state: "open" | "closed";
            made_by?: number | null;
        };
        series_links_create: {
            case: number;
            key: string;
            words?: string;
        };
        series_create: {
            title: string;
            words?: string;
        };
        series_edit: {
            title?: string;
            words?: string;
            note?: string;
        };
        series_close: {
            note: string;
        };
        series_link_create: {
            series: number;
            case: number;
            key: string;
            words?: string;
        };
        series_link_unlink: {
            note: string;
        };
        stop_page: {
            items: components["schemas"]["stop"][];
            next: string | null;
        };
        stop: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            account: string;
            institution?: string | null;
            holder?: string | null;
            amount_fen?: number | null;
            from?: string | null;
            transfer?: string | null;
            transfer_at?: string | null;
            layer?: number | null;
            reachable_fen?: number | null;
            /** @enum {string|null} */
            urgency?: "normal" | "urgent" | null;
            reason: string;
            remedy: string;
            appeal: string;
            report?: number | null;
            case?: number | null;
            warning?: number | null;
            turn?: number | null;
            extends?: number | null;
            /** @enum {string} */
            state: "proposed" | "refused" | "approved" | "stopped" | "releasing" | "mismatched" | "failed" | "lapsed" | "released";
            due?: string | null;
            district?: number | null;
            station?: number | null;
            proposed_by?: number | null;
            approved_by?: number | null;
            approved_at?: string | null;
            stopped_at?: string | null;
            expires_at?: string | null;
            ended_at?: string | null;
            result_code?: string | null;
            result?: string | null;
            balance_fen?: number | null;
            release_by?: number | null;
            release_reason?: string | null;
            release_approved_by?: number | null;
            late?: boolean | null;
        };
        stop_propose: {
            account: string;
            institution?: string;
            holder?: string;
            amount_fen?: number;
            from?: string;
            transfer?: string;
            transfer_at?: string;
            layer?: number;
            /** @enum {string} */
            urgency?: "normal" | "urgent";
            reason: string;
            remedy?: string;
            appeal?: string;
            report?: number;
            case?: number;
            warning?: number;
        };
        stop_address: {
            institution?: string;
            holder?: string;
        };
        stop_approve: {
            note?: string;
        };
        stop_refuse: {
            note: string;
        };
        stop_confirm: {
            stopped_at: string;
            balance_fen?: number;
            result_code?: string;
            result?: string;
        };
        stop_mismatch: {
            result_code?: string;
            result: string;
        };
        stop_fail: {
            result_code?: string;
            result: string;
        };
        stop_extend: {
            note: string;
        };
        stop_release_propose: {
            release_reason: string;
        };
        stop_release_refuse: {
            note: string;
        };
        stop_release_approve: {
            note?: string;
        };
        freeze_page: {
            items: components["schemas"]["freeze"][];
            next: string | null;
        };
        freeze: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            account: string;
            institution?: string | null;
            holder?: string | null;
            /** @enum {string} */
            scope: "amount" | "full";
            amount_fen?: number | null;
            case: number;
            major?: boolean | null;
            reason: string;
            remedy: string;
            appeal: string;
            /** @enum {string} */
            state: "proposed" | "refused" | "approved" | "queued" | "frozen" | "renewing" | "unrelated" | "releasing" | "mismatched" | "failed" | "lapsed" | "released";
            due?: string | null;
            district?: number | null;
            station?: number | null;
            proposed_by?: number | null;
            approved_by?: number | null;
            approved_at?: string | null;
            frozen_at?: string | null;
            expires_at?: string | null;
            ended_at?: string | null;
            renewals?: number | null;
            renewal_months?: number | null;
            renewal_by?: number | null;
            renewal_approved_by?: number | null;
            executed_fen?: number | null;
            available_fen?: number | null;
            returned_fen?: number | null;
            prior_authority?: string | null;
            result_code?: string | null;
            result?: string | null;
            unrelated_at?: string | null;
            release_by?: number | null;
            release_reason?: string | null;
            release_approved_by?: number | null;
            owner_told_at?: string | null;
            late?: boolean | null;
        };
        freeze_propose: {
            account: string;
            institution?: string;
            holder?: string;
            /** @enum {string} */
            scope: "amount" | "full";
            amount_fen?: number;
            case: number;
            major?: boolean;
            reason: string;
            remedy?: string;
            appeal?: string;
        };
        freeze_approve: {
            note?: string;
        };
        freeze_refuse: {
            note: string;
        };
        freeze_confirm: {
            frozen_at: string;
            executed_fen: number;
            available_fen?: number;
            result_code?: string;
            result?: string;
        };
        freeze_queue: {
            prior_authority: string;
            result_code?: string;
        };
        freeze_promote: {
            frozen_at: string;
            executed_fen: number;
            available_fen?: number;
            result_code?: string;
            result?: string;
        };
        freeze_mismatch: {
            result_code?: string;
            result: string;
        };
        freeze_fail: {
            result_code?: string;
            result: string;
        };
        freeze_renew_propose: {
            renewal_months: number;
            note: string;
        };
        freeze_renew_approve: {
            note?: string;
        };
        freeze_renew_refuse: {
            note: string;
        };
        freeze_find_unrelated: {
            note: string;
        };
        freeze_release_propose: {
            release_reason: string;
        };
        freeze_release_refuse: {
            note: string;
        };
        freeze_release_approve: {
            note?: string;
        };
        freeze_tell_owner: {
            note?: string;
        };
        appeal_page: {
            items: components["schemas"]["appeal"][];
            next: string | null;
        };
        appeal: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            /** @enum {string} */
            measure: "stop" | "freeze";
            order: number;
            by: string;
            contact?: string | null;
            words: string;
            received_at?: string | null;
            /** @enum {string} */
            state: "received" | "upheld" | "rejected" | "withdrawn";
            due?: string | null;
            district?: number | null;
            station?: number | null;
            taken_by?: number | null;
            decided_by?: number | null;
            decided_at?: string | null;
            answer?: string | null;
            late?: boolean | null;
        };
        appeal_receive: {
            /** @enum {string} */
            measure: "stop" | "freeze";
            order: number;
            by: string;
            contact?: string;
            words: string;
        };
        appeal_uphold: {
            answer: string;
        };
        appeal_reject: {
            answer: string;
        };
        appeal_withdraw: {
            note: string;
        };
        return_page: {
            items: components["schemas"]["return"][];
            next: string | null;
        };
        return: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            freeze: number;
            case: number;
            account: string;
            frozen_fen?: number | null;
            returned_fen?: number | null;
            held_fen?: number | null;
            notice_days?: number | null;
            law?: string | null;
            ledger_sha256?: string | null;
            losses: unknown;
            entries?: unknown;
            result?: unknown;
            /** @enum {string} */
            state: "drafted" | "noticed" | "reviewing" | "ready" | "submitted" | "approved" | "notified" | "executed" | "refused" | "withdrawn";
            due?: string | null;
            notice_from?: string | null;
            notice_until?: string | null;
            drafted_by?: number | null;
            submitted_by?: number | null;
            officer_1?: number | null;
            officer_2?: number | null;
            approved_by?: number | null;
            approved_at?: string | null;
            bank_due?: string | null;
            executed_at?: string | null;
            executed_by?: number | null;
            late?: boolean | null;
            district?: number | null;
            station?: number | null;
            institution?: string | null;
        };
        return_share_page: {
            items: {
                id: number;
                version: number;
                created_at: string;
                updated_at: string;
                number?: string;
                acts?: string[];
                return: number;
                case: number;
                party: string;
                to_account?: string | null;
                loss_fen?: number | null;
                refunded_fen?: number | null;
                certain_fen?: number | null;
                possible_fen?: number | null;
                amount_fen: number;
                article_case?: number | null;
                basis_en?: string | null;
                basis_zh?: string | null;
                /** @enum {string} */
                state: "drafted" | "paid";
                paid_at?: string | null;
            }[];
            next: string | null;
        };
        objection_page: {
            items: components["schemas"]["objection"][];
            next: string | null;
        };
        return_objections_object: {
            by: string;
            contact?: string;
            words: string;
        };
        objection: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            return: number;
            by: string;
            contact?: string | null;
            words: string;
            /** @enum {string} */
            state: "open" | "upheld" | "rejected";
            taken_by?: number | null;
            decided_by?: number | null;
            decided_at?: string | null;
            answer?: string | null;
        };
        return_draft: {
            freeze: number;
            losses: unknown;
            entries?: unknown;
        };
        return_redraft: {
            losses: unknown;
            entries?: unknown;
            note: string;
        };
        return_publish: {
            note?: string;
        };
        return_submit: {
            officer_1: number;
            officer_2: number;
        };
        return_approve: {
            note?: string;
        };
        return_refuse: {
            note: string;
        };
        return_notify: {
            note?: string;
        };
        return_execute: {
            executed_at: string;
        };
        return_withdraw: {
            note: string;
        };
        objection_object: {
            return: number;
            by: string;
            contact?: string;
            words: string;
        };
        objection_uphold: {
            answer: string;
        };
        objection_reject: {
            answer: string;
        };
        partner_link_page: {
            items: components["schemas"]["partner_link"][];
            next: string | null;
        };
        partner_link: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            /** @enum {string} */
            channel: "bank" | "sms" | "voice" | "bot" | "mail";
            partner: string;
            name: string;
            format?: string | null;
            endpoint: string;
            key_file?: string | null;
            settings?: unknown;
            per_second: number;
            in_flight: number;
            timeout: string;
            answer_within: string;
            attempts_max: number;
            backoff: string;
            backoff_max: string;
            /** @enum {string} */
            when_unknown: "repeat" | "hold";
            /** @enum {string} */
            state: "proposed" | "refused" | "open" | "suspended" | "ended";
            proposed_by?: number | null;
            approved_by?: number | null;
            approved_at?: string | null;
            suspended_by?: number | null;
        };
        partner_link_propose: {
            /** @enum {string} */
            channel: "bank" | "sms" | "voice" | "bot" | "mail";
            partner: string;
            name: string;
            format?: string;
            endpoint: string;
            key_file?: string;
            settings?: unknown;
            per_second?: number;
            in_flight?: number;
            timeout?: string;
            answer_within?: string;
            attempts_max?: number;
            backoff?: string;
            backoff_max?: string;
            /** @enum {string} */
            when_unknown?: "repeat" | "hold";
            note?: string;
        };
        partner_link_approve: {
            note?: string;
        };
        partner_link_refuse: {
            note: string;
        };
        partner_link_suspend: {
            note: string;
        };
        partner_link_resume: {
            note?: string;
        };
        partner_link_end: {
            note: string;
        };
        delivery_page: {
            items: components["schemas"]["delivery"][];
            next: string | null;
        };
        delivery: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            /** @enum {string} */
            channel: "bank" | "sms" | "voice" | "bot" | "mail";
            partner: string;
            purpose: string;
            about_kind?: string | null;
            about?: number | null;
            address?: string | null;
            payload: unknown;
            dedup: string;
            serial: string;
            /** @enum {string} */
            state: "queued" | "sending" | "waiting" | "done" | "failed" | "dead" | "cancelled";
            attempts: number;
            next_at?: string | null;
            deadline?: string | null;
            after?: number | null;
            uncertain?: boolean | null;
            sent_at?: string | null;
            ended_at?: string | null;
            receipt?: string | null;
            result_code?: string | null;
            last_error?: string | null;
            answer?: unknown;
            repeats?: number | null;
            district?: number | null;
            station?: number | null;
        };
        delivery_retry: {
            note: string;
        };
        delivery_cancel: {
            note: string;
        };
        handover_page: {
            items: components["schemas"]["handover"][];
            next: string | null;
        };
        handover: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            /** @enum {string} */
            kind: "lead" | "report" | "case" | "warning" | "stop" | "freeze" | "return";
            record: number;
            to_unit: number;
            reason: string;
            /** @enum {string} */
            state: "proposed" | "accepted" | "refused";
            from_district?: number | null;
            district?: number | null;
            station?: number | null;
            proposed_by?: number | null;
            decided_by?: number | null;
            decided_at?: string | null;
        };
        handover_propose: {
            /** @enum {string} */
            kind: "lead" | "report" | "case" | "warning" | "stop" | "freeze" | "return";
            record: number;
            to_unit: number;
            reason: string;
        };
        handover_accept: {
            note?: string;
        };
        handover_refuse: {
            note: string;
        };
        dated_page: {
            items: components["schemas"]["dated"][];
            next: string | null;
        };
        dated: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            acts?: string[];
            name: string;
            code: string;
            value?: string | null;
            number?: number | null;
            valid_from: string;
            valid_to?: string | null;
            law: string;
            en: string;
            zh: string;
            /** @enum {string} */
            state: "proposed" | "holds" | "refused";
            proposed_by?: number | null;
            approved_by?: number | null;
            approved_at?: string | null;
        };
        dated_propose: {
            name: string;
            code: string;
            value?: string;
            valid_from: string;
            valid_to?: string;
            law: string;
            en: string;
            zh: string;
            note?: string;
        };
        dated_approve: {
            note?: string;
        };
        dated_refuse: {
            note: string;
        };
        unit_page: {
            items: components["schemas"]["unit"][];
            next: string | null;
        };
        unit: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            name_zh: string;
            name_en: string;
            /** @enum {string} */
            level: "city" | "district" | "station";
            parent?: number | null;
            division?: string | null;
            /** @enum {string} */
            state: "open" | "closed";
        };
        unit_create: {
            name_zh: string;
            name_en: string;
            /** @enum {string} */
            level: "district" | "station";
            parent: number;
            division?: string;
        };
        unit_edit: {
            name_zh?: string;
            name_en?: string;
            division?: string;
        };
        unit_close: Record<string, never>;
        area_page: {
            items: components["schemas"]["area"][];
            next: string | null;
        };
        area: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            unit: number;
            /** @enum {string} */
            by: "division" | "address" | "phone";
            begins: string;
            /** @enum {string} */
            state: "open" | "closed";
        };
        area_create: {
            unit: number;
            /** @enum {string} */
            by: "division" | "address" | "phone";
            begins: string;
        };
        area_close: Record<string, never>;
        user_page: {
            items: components["schemas"]["user"][];
            next: string | null;
        };
        user: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            login: string;
            name: string;
            unit: number;
            roles: string;
            /** @enum {string} */
            state: "invited" | "active" | "disabled";
            code_until?: string | null;
            failures?: number | null;
            locked_until?: string | null;
            signed_in_at?: string | null;
            /** @enum {string|null} */
            language?: "zh" | "en" | null;
            subject?: string | null;
        };
        user_create: {
            login: string;
            name: string;
            unit: number;
            roles: string;
            /** @enum {string} */
            language?: "zh" | "en";
            subject?: string;
        };
        user_edit: {
            name?: string;
            unit?: number;
            roles?: string;
            /** @enum {string} */
            language?: "zh" | "en";
            subject?: string;
        };
        user_new_code: Record<string, never>;
        user_unlock: {
            note?: string;
        };
        user_disable: {
            note: string;
        };
        user_enable: {
            note?: string;
        };
        key_page: {
            items: components["schemas"]["key"][];
            next: string | null;
        };
        key: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            name: string;
            institution?: string | null;
            unit: number;
            roles: string;
            until: string;
            /** @enum {string} */
            state: "active" | "revoked";
            made_by?: number | null;
        };
        key_create: {
            name: string;
            institution?: string;
            unit: number;
            roles: string;
            until: string;
        };
        key_revoke: {
            note: string;
        };
        sign_in: {
            login: string;
            password: string;
        };
        session: {
            token: string;
            expires_at: string;
        };
        password_with_code: {
            login: string;
            code: string;
            password: string;
        };
        password_change: {
            old: string;
            password: string;
        };
        me: {
            user: number;
            login: string;
            name: string | null;
            language: string | null;
            roles: string;
            institution: string | null;
            unit: components["schemas"]["me_unit"];
        };
        me_unit: {
            id?: number;
            name_zh?: string;
            name_en?: string;
            /** @enum {string} */
            level?: "city" | "district" | "station";
        };
        workflows: {
            items: components["schemas"]["workflow"][];
        };
        workflow: {
            kind: string;
            collection: string | null;
            prefix: string | null;
            readers: string;
            en: string;
            zh: string;
            due: string | null;
            assignee: string | null;
            states?: string[];
            children: components["schemas"]["workflow_child"][];
            fields: components["schemas"]["workflow_field"][];
            acts: components["schemas"]["workflow_act"][];
        };
        workflow_child: {
            name: string;
            kind: string;
        };
        workflow_field: {
            name: string;
            type: string;
            codes: string[];
            target: string | null;
            required: boolean;
            masked: boolean;
            filter: boolean;
            en: string;
            zh: string;
        };
        workflow_act: {
            name: string;
            from: string[];
            to: string | null;
            roles: string;
            by_clock: boolean;
            four_eyes: boolean;
            other_than: string | null;
            needs_version: boolean;
            conditions: string[];
            law: string | null;
            en: string;
            zh: string;
            inputs: components["schemas"]["workflow_field"][];
        };
        work: {
            items: components["schemas"]["work_kind"][];
        };
        work_kind: {
            kind: string;
            collection: string;
            states: components["schemas"]["work_state"][];
            mine: number;
            mine_overdue: number;
        };
        work_state: {
            state: string;
            count: number;
        };
        presence: {
            kind: string;
            id: number;
            /** @enum {string} */
            what: "look" | "edit" | "leave";
        };
        presence_others: {
            others: components["schemas"]["presence_other"][];
        };
        presence_other: {
            user: number;
            name: string | null;
            edits: boolean;
            since: string;
        };
        search_hits: {
            items: components["schemas"]["search_hit"][];
        };
        search_hit: {
            kind: string;
            record: unknown;
        };
        intake_text: {
            text: string;
            when?: string;
        };
        stops_along_trace: {
            transfer?: string;
            account?: string;
            time?: string;
            amount_fen?: number;
            /** @enum {string} */
            method?: "fifo" | "lifo" | "prorata" | "poison" | "bounds";
            depth?: number;
            least_fen?: number;
            reason: string;
            report?: number;
            case?: number;
        } | unknown | unknown;
        backup_list: {
            items: {
                name: string;
                bytes: number;
                made: string;
                sha256?: string;
                signals?: number;
                decisions?: number;
                records?: number;
                audit_rows?: number;
                audit_head?: string;
            }[];
            next: string | null;
        };
        sign_in_ways: {
            password: boolean;
            openid: components["schemas"]["sign_in_openid"];
        };
        sign_in_openid: {
            start: string;
            name_zh: string;
            name_en: string;
        };
        openid_end: {
            url: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}

export type Schemas = components["schemas"];

/** What goes in and comes out, by method and path. */
export interface Operations {
  "GET /healthz": { query: never; body: never; answer: Schemas["health"] };
  "GET /readyz": { query: never; body: never; answer: Schemas["ready"] };
  "GET /metrics": { query: never; body: never; answer: unknown };
  "GET /openapi.json": { query: never; body: never; answer: unknown };
  "GET /v1/events": { query: never; body: never; answer: unknown };
  "POST /v1/decisions": { query: never; body: Schemas["signal"]; answer: Schemas["decision"] };
  "POST /v1/signals": { query: "check"; body: unknown; answer: Schemas["ingest_summary"] };
  "GET /v1/accounts/{key}": { query: "from" | "to" | "recent" | "top" | "as_of"; body: never; answer: Schemas["published_account"] };
  "GET /v1/accounts/{key}/transfers": { query: "as_of" | "limit" | "cursor"; body: never; answer: Schemas["ledger_page"] };
  "GET /v1/transfers/{id}": { query: never; body: never; answer: Schemas["transfer"] };
  "GET /v1/traces": { query: "transfer" | "account" | "at" | "amount_fen" | "victim" | "sink" | "method" | "within" | "depth" | "min_fen" | "entries_max" | "as_of" | "until"; body: never; answer: Schemas["published_trace"] };
  "POST /v1/traces": { query: never; body: Schemas["trace_question"]; answer: Schemas["published_trace"] };
  "POST /v1/findings": { query: never; body: Schemas["findings_question"]; answer: Schemas["job"] };
  "POST /v1/back-tests": { query: never; body: Schemas["back_test_question"]; answer: Schemas["job"] };
  "POST /v1/patterns": { query: never; body: Schemas["patterns_question"]; answer: Schemas["job"] };
  "GET /v1/rules": { query: never; body: never; answer: Schemas["rules"] };
  "GET /v1/jobs": { query: never; body: never; answer: Schemas["job_list"] };
  "GET /v1/jobs/{job}": { query: never; body: never; answer: Schemas["job"] };
  "DELETE /v1/jobs/{job}": { query: never; body: never; answer: Schemas["job"] };
  "GET /v1/jobs/{job}/result": { query: never; body: never; answer: unknown };
  "GET /v1/notice": { query: never; body: never; answer: Schemas["notice"] };
  "GET /v1/rules/files": { query: never; body: never; answer: Schemas["rule_files"] };
  "POST /v1/rules/check": { query: never; body: Schemas["rules_check"]; answer: Schemas["rules_checked"] };
  "GET /v1/leads": { query: "type" | "subject" | "tier" | "source" | "institution" | "state" | "district" | "station" | "assignee" | "due" | "level" | "result" | "case" | "order" | "limit" | "cursor"; body: never; answer: Schemas["lead_page"] };
  "POST /v1/leads": { query: never; body: Schemas["lead_create"]; answer: Schemas["lead"] };
  "GET /v1/leads/{id}": { query: never; body: never; answer: Schemas["lead"] };
  "GET /v1/leads/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "GET /v1/leads/{id}/sources": { query: "order" | "limit" | "cursor"; body: never; answer: Schemas["lead_source_page"] };
  "GET /v1/leads/{id}/comments": { query: "order" | "limit" | "cursor"; body: never; answer: Schemas["lead_comment_page"] };
  "POST /v1/leads/{id}/comments": { query: never; body: Schemas["lead_comments_create"]; answer: Schemas["lead_comment"] };
  "POST /v1/leads/{id}/assign": { query: never; body: Schemas["lead_assign"]; answer: Schemas["lead"] };
  "POST /v1/leads/{id}/dispatch": { query: never; body: Schemas["lead_dispatch"]; answer: Schemas["lead"] };
  "POST /v1/leads/{id}/accept": { query: never; body: Schemas["lead_accept"]; answer: Schemas["lead"] };
  "POST /v1/leads/{id}/finish": { query: never; body: Schemas["lead_finish"]; answer: Schemas["lead"] };
  "POST /v1/leads/{id}/to_case": { query: never; body: Schemas["lead_to_case"]; answer: Schemas["lead"] };
  "POST /v1/leads/{id}/reopen": { query: never; body: Schemas["lead_reopen"]; answer: Schemas["lead"] };
  "POST /v1/leads/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/warnings": { query: "victim" | "phone" | "tier" | "fraud_type" | "institution" | "thread" | "state" | "district" | "station" | "assignee" | "due" | "level" | "review" | "call_back" | "order" | "limit" | "cursor"; body: never; answer: Schemas["warning_page"] };
  "POST /v1/warnings": { query: never; body: Schemas["warning_create"]; answer: Schemas["warning"] };
  "GET /v1/warnings/{id}": { query: never; body: never; answer: Schemas["warning"] };
  "GET /v1/warnings/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "GET /v1/warnings/{id}/attempts": { query: "order" | "limit" | "cursor"; body: never; answer: Schemas["attempt_page"] };
  "GET /v1/warnings/{id}/comments": { query: "order" | "limit" | "cursor"; body: never; answer: Schemas["warning_comment_page"] };
  "POST /v1/warnings/{id}/comments": { query: never; body: Schemas["warning_comments_create"]; answer: Schemas["warning_comment"] };
  "POST /v1/warnings/{id}/edit": { query: never; body: Schemas["warning_edit"]; answer: Schemas["warning"] };
  "POST /v1/warnings/{id}/sign": { query: never; body: Schemas["warning_sign"]; answer: Schemas["warning"] };
  "POST /v1/warnings/{id}/dispatch": { query: never; body: Schemas["warning_dispatch"]; answer: Schemas["warning"] };
  "POST /v1/warnings/{id}/assign": { query: never; body: Schemas["warning_assign"]; answer: Schemas["warning"] };
  "POST /v1/warnings/{id}/attempt": { query: never; body: Schemas["warning_attempt"]; answer: Schemas["warning"] };
  "POST /v1/warnings/{id}/not_found_yet": { query: never; body: Schemas["warning_not_found_yet"]; answer: Schemas["warning"] };
  "POST /v1/warnings/{id}/search_again": { query: never; body: Schemas["warning_search_again"]; answer: Schemas["warning"] };
  "POST /v1/warnings/{id}/retier": { query: never; body: Schemas["warning_retier"]; answer: Schemas["warning"] };
  "POST /v1/warnings/{id}/money_moved": { query: never; body: Schemas["warning_money_moved"]; answer: Schemas["warning"] };
  "POST /v1/warnings/{id}/propose_closing": { query: never; body: Schemas["warning_propose_closing"]; answer: Schemas["warning"] };
  "POST /v1/warnings/{id}/approve_closing": { query: never; body: Schemas["warning_approve_closing"]; answer: Schemas["warning"] };
  "POST /v1/warnings/{id}/refuse_closing": { query: never; body: Schemas["warning_refuse_closing"]; answer: Schemas["warning"] };
  "POST /v1/warnings/{id}/call_back": { query: never; body: Schemas["warning_call_back"]; answer: Schemas["warning"] };
  "POST /v1/warnings/{id}/review": { query: never; body: Schemas["warning_review"]; answer: Schemas["warning"] };
  "POST /v1/warnings/{id}/reopen": { query: never; body: Schemas["warning_reopen"]; answer: Schemas["warning"] };
  "POST /v1/warnings/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/reports": { query: "channel" | "victim_phone" | "fraud_type" | "state" | "district" | "station" | "home_district" | "assignee" | "taken_by" | "due" | "is_late" | "case" | "result" | "closed_by" | "order" | "limit" | "cursor"; body: never; answer: Schemas["report_page"] };
  "POST /v1/reports": { query: never; body: Schemas["report_create"]; answer: Schemas["report"] };
  "GET /v1/reports/{id}": { query: never; body: never; answer: Schemas["report"] };
  "GET /v1/reports/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "GET /v1/reports/{id}/transfers": { query: "order" | "limit" | "cursor"; body: never; answer: Schemas["report_transfer_page"] };
  "GET /v1/reports/{id}/comments": { query: "order" | "limit" | "cursor"; body: never; answer: Schemas["report_comment_page"] };
  "POST /v1/reports/{id}/comments": { query: never; body: Schemas["report_comments_create"]; answer: Schemas["report_comment"] };
  "POST /v1/reports/{id}/edit": { query: never; body: Schemas["report_edit"]; answer: Schemas["report"] };
  "POST /v1/reports/{id}/add_transfers": { query: never; body: Schemas["report_add_transfers"]; answer: Schemas["report"] };
  "POST /v1/reports/{id}/assign": { query: never; body: Schemas["report_assign"]; answer: Schemas["report"] };
  "POST /v1/reports/{id}/warn": { query: never; body: Schemas["report_warn"]; answer: Schemas["report"] };
  "POST /v1/reports/{id}/to_case": { query: never; body: Schemas["report_to_case"]; answer: Schemas["report"] };
  "POST /v1/reports/{id}/close": { query: never; body: Schemas["report_close"]; answer: Schemas["report"] };
  "POST /v1/reports/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/cases": { query: "fraud_type" | "fraud_type_2" | "state" | "district" | "station" | "assignee" | "closing" | "order" | "limit" | "cursor"; body: never; answer: Schemas["case_page"] };
  "POST /v1/cases": { query: never; body: Schemas["case_open"]; answer: Schemas["case"] };
  "GET /v1/cases/{id}": { query: never; body: never; answer: Schemas["case"] };
  "GET /v1/cases/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "GET /v1/cases/{id}/tasks": { query: "assignee" | "due" | "state" | "order" | "limit" | "cursor"; body: never; answer: Schemas["task_page"] };
  "POST /v1/cases/{id}/tasks": { query: never; body: Schemas["case_tasks_create"]; answer: Schemas["task"] };
  "GET /v1/cases/{id}/entities": { query: "key" | "role" | "state" | "order" | "limit" | "cursor"; body: never; answer: Schemas["entity_page"] };
  "POST /v1/cases/{id}/entities": { query: never; body: Schemas["case_entities_create"]; answer: Schemas["entity"] };
  "GET /v1/cases/{id}/evidence": { query: "sha256" | "order" | "limit" | "cursor"; body: never; answer: Schemas["evidence_page"] };
  "POST /v1/cases/{id}/evidence": { query: never; body: Schemas["case_evidence_create"]; answer: Schemas["evidence"] };
  "GET /v1/cases/{id}/comments": { query: "order" | "limit" | "cursor"; body: never; answer: Schemas["case_comment_page"] };
  "POST /v1/cases/{id}/comments": { query: never; body: Schemas["case_comments_create"]; answer: Schemas["case_comment"] };
  "GET /v1/cases/{id}/reports": { query: "channel" | "victim_phone" | "fraud_type" | "state" | "district" | "station" | "home_district" | "assignee" | "taken_by" | "due" | "is_late" | "case" | "result" | "closed_by" | "order" | "limit" | "cursor"; body: never; answer: Schemas["report_page"] };
  "POST /v1/cases/{id}/reports": { query: never; body: Schemas["case_reports_create"]; answer: Schemas["report"] };
  "GET /v1/cases/{id}/links": { query: "state" | "order" | "limit" | "cursor"; body: never; answer: Schemas["series_link_page"] };
  "POST /v1/cases/{id}/links": { query: never; body: Schemas["case_links_create"]; answer: Schemas["series_link"] };
  "POST /v1/cases/{id}/edit": { query: never; body: Schemas["case_edit"]; answer: Schemas["case"] };
  "POST /v1/cases/{id}/assign": { query: never; body: Schemas["case_assign"]; answer: Schemas["case"] };
  "POST /v1/cases/{id}/dispatch": { query: never; body: Schemas["case_dispatch"]; answer: Schemas["case"] };
  "POST /v1/cases/{id}/request_filing": { query: never; body: Schemas["case_request_filing"]; answer: Schemas["case"] };
  "POST /v1/cases/{id}/approve_filing": { query: never; body: Schemas["case_approve_filing"]; answer: Schemas["case"] };
  "POST /v1/cases/{id}/refuse_filing": { query: never; body: Schemas["case_refuse_filing"]; answer: Schemas["case"] };
  "POST /v1/cases/{id}/suspend": { query: never; body: Schemas["case_suspend"]; answer: Schemas["case"] };
  "POST /v1/cases/{id}/resume": { query: never; body: Schemas["case_resume"]; answer: Schemas["case"] };
  "POST /v1/cases/{id}/request_no_filing": { query: never; body: Schemas["case_request_no_filing"]; answer: Schemas["case"] };
  "POST /v1/cases/{id}/request_closing": { query: never; body: Schemas["case_request_closing"]; answer: Schemas["case"] };
  "POST /v1/cases/{id}/approve_closing": { query: never; body: Schemas["case_approve_closing"]; answer: Schemas["case"] };
  "POST /v1/cases/{id}/refuse_closing": { query: never; body: Schemas["case_refuse_closing"]; answer: Schemas["case"] };
  "POST /v1/cases/{id}/reopen": { query: never; body: Schemas["case_reopen"]; answer: Schemas["case"] };
  "POST /v1/cases/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/tasks": { query: "assignee" | "due" | "state" | "order" | "limit" | "cursor"; body: never; answer: Schemas["task_page"] };
  "POST /v1/tasks": { query: never; body: Schemas["task_create"]; answer: Schemas["task"] };
  "GET /v1/tasks/{id}": { query: never; body: never; answer: Schemas["task"] };
  "GET /v1/tasks/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/tasks/{id}/edit": { query: never; body: Schemas["task_edit"]; answer: Schemas["task"] };
  "POST /v1/tasks/{id}/finish": { query: never; body: Schemas["task_finish"]; answer: Schemas["task"] };
  "POST /v1/tasks/{id}/cancel": { query: never; body: Schemas["task_cancel"]; answer: Schemas["task"] };
  "POST /v1/tasks/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/entities": { query: "key" | "role" | "state" | "order" | "limit" | "cursor"; body: never; answer: Schemas["entity_page"] };
  "POST /v1/entities": { query: never; body: Schemas["entity_create"]; answer: Schemas["entity"] };
  "GET /v1/entities/{id}": { query: never; body: never; answer: Schemas["entity"] };
  "GET /v1/entities/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/entities/{id}/edit": { query: never; body: Schemas["entity_edit"]; answer: Schemas["entity"] };
  "POST /v1/entities/{id}/remove": { query: never; body: Schemas["entity_remove"]; answer: Schemas["entity"] };
  "POST /v1/entities/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/evidence": { query: "sha256" | "order" | "limit" | "cursor"; body: never; answer: Schemas["evidence_page"] };
  "POST /v1/evidence": { query: never; body: Schemas["evidence_create"]; answer: Schemas["evidence"] };
  "GET /v1/evidence/{id}": { query: never; body: never; answer: Schemas["evidence"] };
  "GET /v1/evidence/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "GET /v1/evidence/{id}/custody": { query: "order" | "limit" | "cursor"; body: never; answer: Schemas["custody_page"] };
  "POST /v1/evidence/{id}/custody": { query: never; body: Schemas["evidence_custody_create"]; answer: Schemas["custody"] };
  "GET /v1/series": { query: "state" | "order" | "limit" | "cursor"; body: never; answer: Schemas["series_page"] };
  "POST /v1/series": { query: never; body: Schemas["series_create"]; answer: Schemas["series"] };
  "GET /v1/series/{id}": { query: never; body: never; answer: Schemas["series"] };
  "GET /v1/series/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "GET /v1/series/{id}/links": { query: "state" | "order" | "limit" | "cursor"; body: never; answer: Schemas["series_link_page"] };
  "POST /v1/series/{id}/links": { query: never; body: Schemas["series_links_create"]; answer: Schemas["series_link"] };
  "POST /v1/series/{id}/edit": { query: never; body: Schemas["series_edit"]; answer: Schemas["series"] };
  "POST /v1/series/{id}/close": { query: never; body: Schemas["series_close"]; answer: Schemas["series"] };
  "POST /v1/series/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/series-links": { query: "state" | "order" | "limit" | "cursor"; body: never; answer: Schemas["series_link_page"] };
  "POST /v1/series-links": { query: never; body: Schemas["series_link_create"]; answer: Schemas["series_link"] };
  "GET /v1/series-links/{id}": { query: never; body: never; answer: Schemas["series_link"] };
  "GET /v1/series-links/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/series-links/{id}/unlink": { query: never; body: Schemas["series_link_unlink"]; answer: Schemas["series_link"] };
  "POST /v1/series-links/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/stops": { query: "account" | "institution" | "layer" | "report" | "case" | "warning" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["stop_page"] };
  "POST /v1/stops": { query: never; body: Schemas["stop_propose"]; answer: Schemas["stop"] };
  "GET /v1/stops/{id}": { query: never; body: never; answer: Schemas["stop"] };
  "GET /v1/stops/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/stops/{id}/address": { query: never; body: Schemas["stop_address"]; answer: Schemas["stop"] };
  "POST /v1/stops/{id}/approve": { query: never; body: Schemas["stop_approve"]; answer: Schemas["stop"] };
  "POST /v1/stops/{id}/refuse": { query: never; body: Schemas["stop_refuse"]; answer: Schemas["stop"] };
  "POST /v1/stops/{id}/confirm": { query: never; body: Schemas["stop_confirm"]; answer: Schemas["stop"] };
  "POST /v1/stops/{id}/mismatch": { query: never; body: Schemas["stop_mismatch"]; answer: Schemas["stop"] };
  "POST /v1/stops/{id}/fail": { query: never; body: Schemas["stop_fail"]; answer: Schemas["stop"] };
  "POST /v1/stops/{id}/extend": { query: never; body: Schemas["stop_extend"]; answer: Schemas["stop"] };
  "POST /v1/stops/{id}/release_propose": { query: never; body: Schemas["stop_release_propose"]; answer: Schemas["stop"] };
  "POST /v1/stops/{id}/release_refuse": { query: never; body: Schemas["stop_release_refuse"]; answer: Schemas["stop"] };
  "POST /v1/stops/{id}/release_approve": { query: never; body: Schemas["stop_release_approve"]; answer: Schemas["stop"] };
  "POST /v1/stops/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/freezes": { query: "account" | "institution" | "case" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["freeze_page"] };
  "POST /v1/freezes": { query: never; body: Schemas["freeze_propose"]; answer: Schemas["freeze"] };
  "GET /v1/freezes/{id}": { query: never; body: never; answer: Schemas["freeze"] };
  "GET /v1/freezes/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/freezes/{id}/approve": { query: never; body: Schemas["freeze_approve"]; answer: Schemas["freeze"] };
  "POST /v1/freezes/{id}/refuse": { query: never; body: Schemas["freeze_refuse"]; answer: Schemas["freeze"] };
  "POST /v1/freezes/{id}/confirm": { query: never; body: Schemas["freeze_confirm"]; answer: Schemas["freeze"] };
  "POST /v1/freezes/{id}/queue": { query: never; body: Schemas["freeze_queue"]; answer: Schemas["freeze"] };
  "POST /v1/freezes/{id}/promote": { query: never; body: Schemas["freeze_promote"]; answer: Schemas["freeze"] };
  "POST /v1/freezes/{id}/mismatch": { query: never; body: Schemas["freeze_mismatch"]; answer: Schemas["freeze"] };
  "POST /v1/freezes/{id}/fail": { query: never; body: Schemas["freeze_fail"]; answer: Schemas["freeze"] };
  "POST /v1/freezes/{id}/renew_propose": { query: never; body: Schemas["freeze_renew_propose"]; answer: Schemas["freeze"] };
  "POST /v1/freezes/{id}/renew_approve": { query: never; body: Schemas["freeze_renew_approve"]; answer: Schemas["freeze"] };
  "POST /v1/freezes/{id}/renew_refuse": { query: never; body: Schemas["freeze_renew_refuse"]; answer: Schemas["freeze"] };
  "POST /v1/freezes/{id}/find_unrelated": { query: never; body: Schemas["freeze_find_unrelated"]; answer: Schemas["freeze"] };
  "POST /v1/freezes/{id}/release_propose": { query: never; body: Schemas["freeze_release_propose"]; answer: Schemas["freeze"] };
  "POST /v1/freezes/{id}/release_refuse": { query: never; body: Schemas["freeze_release_refuse"]; answer: Schemas["freeze"] };
  "POST /v1/freezes/{id}/release_approve": { query: never; body: Schemas["freeze_release_approve"]; answer: Schemas["freeze"] };
  "POST /v1/freezes/{id}/tell_owner": { query: never; body: Schemas["freeze_tell_owner"]; answer: Schemas["freeze"] };
  "POST /v1/freezes/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/appeals": { query: "measure" | "order" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["appeal_page"] };
  "POST /v1/appeals": { query: never; body: Schemas["appeal_receive"]; answer: Schemas["appeal"] };
  "GET /v1/appeals/{id}": { query: never; body: never; answer: Schemas["appeal"] };
  "GET /v1/appeals/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/appeals/{id}/uphold": { query: never; body: Schemas["appeal_uphold"]; answer: Schemas["appeal"] };
  "POST /v1/appeals/{id}/reject": { query: never; body: Schemas["appeal_reject"]; answer: Schemas["appeal"] };
  "POST /v1/appeals/{id}/withdraw": { query: never; body: Schemas["appeal_withdraw"]; answer: Schemas["appeal"] };
  "POST /v1/appeals/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/returns": { query: "freeze" | "case" | "account" | "state" | "district" | "station" | "institution" | "order" | "limit" | "cursor"; body: never; answer: Schemas["return_page"] };
  "POST /v1/returns": { query: never; body: Schemas["return_draft"]; answer: Schemas["return"] };
  "GET /v1/returns/{id}": { query: never; body: never; answer: Schemas["return"] };
  "GET /v1/returns/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "GET /v1/returns/{id}/shares": { query: "order" | "limit" | "cursor"; body: never; answer: Schemas["return_share_page"] };
  "GET /v1/returns/{id}/objections": { query: "state" | "order" | "limit" | "cursor"; body: never; answer: Schemas["objection_page"] };
  "POST /v1/returns/{id}/objections": { query: never; body: Schemas["return_objections_object"]; answer: Schemas["objection"] };
  "POST /v1/returns/{id}/redraft": { query: never; body: Schemas["return_redraft"]; answer: Schemas["return"] };
  "POST /v1/returns/{id}/publish": { query: never; body: Schemas["return_publish"]; answer: Schemas["return"] };
  "POST /v1/returns/{id}/submit": { query: never; body: Schemas["return_submit"]; answer: Schemas["return"] };
  "POST /v1/returns/{id}/approve": { query: never; body: Schemas["return_approve"]; answer: Schemas["return"] };
  "POST /v1/returns/{id}/refuse": { query: never; body: Schemas["return_refuse"]; answer: Schemas["return"] };
  "POST /v1/returns/{id}/notify": { query: never; body: Schemas["return_notify"]; answer: Schemas["return"] };
  "POST /v1/returns/{id}/execute": { query: never; body: Schemas["return_execute"]; answer: Schemas["return"] };
  "POST /v1/returns/{id}/withdraw": { query: never; body: Schemas["return_withdraw"]; answer: Schemas["return"] };
  "POST /v1/returns/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/objections": { query: "state" | "order" | "limit" | "cursor"; body: never; answer: Schemas["objection_page"] };
  "POST /v1/objections": { query: never; body: Schemas["objection_object"]; answer: Schemas["objection"] };
  "GET /v1/objections/{id}": { query: never; body: never; answer: Schemas["objection"] };
  "GET /v1/objections/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/objections/{id}/uphold": { query: never; body: Schemas["objection_uphold"]; answer: Schemas["objection"] };
  "POST /v1/objections/{id}/reject": { query: never; body: Schemas["objection_reject"]; answer: Schemas["objection"] };
  "POST /v1/objections/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/partner-links": { query: "channel" | "partner" | "state" | "order" | "limit" | "cursor"; body: never; answer: Schemas["partner_link_page"] };
  "POST /v1/partner-links": { query: never; body: Schemas["partner_link_propose"]; answer: Schemas["partner_link"] };
  "GET /v1/partner-links/{id}": { query: never; body: never; answer: Schemas["partner_link"] };
  "GET /v1/partner-links/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/partner-links/{id}/approve": { query: never; body: Schemas["partner_link_approve"]; answer: Schemas["partner_link"] };
  "POST /v1/partner-links/{id}/refuse": { query: never; body: Schemas["partner_link_refuse"]; answer: Schemas["partner_link"] };
  "POST /v1/partner-links/{id}/suspend": { query: never; body: Schemas["partner_link_suspend"]; answer: Schemas["partner_link"] };
  "POST /v1/partner-links/{id}/resume": { query: never; body: Schemas["partner_link_resume"]; answer: Schemas["partner_link"] };
  "POST /v1/partner-links/{id}/end": { query: never; body: Schemas["partner_link_end"]; answer: Schemas["partner_link"] };
  "POST /v1/partner-links/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/deliveries": { query: "channel" | "partner" | "purpose" | "about_kind" | "about" | "serial" | "state" | "receipt" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["delivery_page"] };
  "GET /v1/deliveries/{id}": { query: never; body: never; answer: Schemas["delivery"] };
  "GET /v1/deliveries/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/deliveries/{id}/retry": { query: never; body: Schemas["delivery_retry"]; answer: Schemas["delivery"] };
  "POST /v1/deliveries/{id}/cancel": { query: never; body: Schemas["delivery_cancel"]; answer: Schemas["delivery"] };
  "POST /v1/deliveries/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/handovers": { query: "kind" | "record" | "state" | "district" | "order" | "limit" | "cursor"; body: never; answer: Schemas["handover_page"] };
  "POST /v1/handovers": { query: never; body: Schemas["handover_propose"]; answer: Schemas["handover"] };
  "GET /v1/handovers/{id}": { query: never; body: never; answer: Schemas["handover"] };
  "GET /v1/handovers/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/handovers/{id}/accept": { query: never; body: Schemas["handover_accept"]; answer: Schemas["handover"] };
  "POST /v1/handovers/{id}/refuse": { query: never; body: Schemas["handover_refuse"]; answer: Schemas["handover"] };
  "POST /v1/handovers/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/dated": { query: "name" | "code" | "state" | "order" | "limit" | "cursor"; body: never; answer: Schemas["dated_page"] };
  "POST /v1/dated": { query: never; body: Schemas["dated_propose"]; answer: Schemas["dated"] };
  "GET /v1/dated/{id}": { query: never; body: never; answer: Schemas["dated"] };
  "GET /v1/dated/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/dated/{id}/approve": { query: never; body: Schemas["dated_approve"]; answer: Schemas["dated"] };
  "POST /v1/dated/{id}/refuse": { query: never; body: Schemas["dated_refuse"]; answer: Schemas["dated"] };
  "POST /v1/dated/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/units": { query: "level" | "parent" | "order" | "limit" | "cursor"; body: never; answer: Schemas["unit_page"] };
  "POST /v1/units": { query: never; body: Schemas["unit_create"]; answer: Schemas["unit"] };
  "GET /v1/units/{id}": { query: never; body: never; answer: Schemas["unit"] };
  "GET /v1/units/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/units/{id}/edit": { query: never; body: Schemas["unit_edit"]; answer: Schemas["unit"] };
  "POST /v1/units/{id}/close": { query: never; body: Schemas["unit_close"]; answer: Schemas["unit"] };
  "POST /v1/units/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/areas": { query: "order" | "limit" | "cursor"; body: never; answer: Schemas["area_page"] };
  "POST /v1/areas": { query: never; body: Schemas["area_create"]; answer: Schemas["area"] };
  "GET /v1/areas/{id}": { query: never; body: never; answer: Schemas["area"] };
  "GET /v1/areas/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/areas/{id}/close": { query: never; body: Schemas["area_close"]; answer: Schemas["area"] };
  "POST /v1/areas/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/users": { query: "login" | "unit" | "state" | "order" | "limit" | "cursor"; body: never; answer: Schemas["user_page"] };
  "POST /v1/users": { query: never; body: Schemas["user_create"]; answer: Schemas["user"] };
  "GET /v1/users/{id}": { query: never; body: never; answer: Schemas["user"] };
  "GET /v1/users/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/users/{id}/edit": { query: never; body: Schemas["user_edit"]; answer: Schemas["user"] };
  "POST /v1/users/{id}/new_code": { query: never; body: Schemas["user_new_code"]; answer: Schemas["user"] };
  "POST /v1/users/{id}/unlock": { query: never; body: Schemas["user_unlock"]; answer: Schemas["user"] };
  "POST /v1/users/{id}/disable": { query: never; body: Schemas["user_disable"]; answer: Schemas["user"] };
  "POST /v1/users/{id}/enable": { query: never; body: Schemas["user_enable"]; answer: Schemas["user"] };
  "POST /v1/users/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/keys": { query: "institution" | "state" | "order" | "limit" | "cursor"; body: never; answer: Schemas["key_page"] };
  "POST /v1/keys": { query: never; body: Schemas["key_create"]; answer: Schemas["key"] };
  "GET /v1/keys/{id}": { query: never; body: never; answer: Schemas["key"] };
  "GET /v1/keys/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/keys/{id}/revoke": { query: never; body: Schemas["key_revoke"]; answer: Schemas["key"] };
  "POST /v1/keys/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "POST /v1/session": { query: never; body: Schemas["sign_in"]; answer: Schemas["session"] };
  "DELETE /v1/session": { query: never; body: never; answer: never };
  "POST /v1/session/password": { query: never; body: Schemas["password_with_code"]; answer: never };
  "POST /v1/me/password": { query: never; body: Schemas["password_change"]; answer: never };
  "GET /v1/me": { query: never; body: never; answer: Schemas["me"] };
  "GET /v1/evidence/{id}/content": { query: never; body: never; answer: unknown };
  "GET /v1/cases/{id}/thresholds": { query: never; body: never; answer: unknown };
  "GET /v1/warnings/{id}/script": { query: never; body: never; answer: unknown };
  "GET /v1/workflows": { query: never; body: never; answer: Schemas["workflows"] };
  "GET /v1/work": { query: never; body: never; answer: Schemas["work"] };
  "POST /v1/presence": { query: never; body: Schemas["presence"]; answer: Schemas["presence_others"] };
  "GET /v1/search": { query: "q" | "kind"; body: never; answer: Schemas["search_hits"] };
  "POST /v1/intake/parse": { query: never; body: Schemas["intake_text"]; answer: unknown };
  "GET /v1/audit": { query: "at" | "user" | "login" | "unit" | "act" | "kind" | "record" | "order" | "limit" | "cursor"; body: never; answer: unknown };
  "POST /v1/audit/verify": { query: never; body: never; answer: Schemas["job"] };
  "GET /v1/returns/{id}/documents/{name}": { query: never; body: never; answer: unknown };
  "POST /v1/stops/along-trace": { query: never; body: Schemas["stops_along_trace"]; answer: unknown };
  "POST /v1/backups": { query: never; body: never; answer: Schemas["job"] };
  "GET /v1/backups": { query: never; body: never; answer: Schemas["backup_list"] };
  "GET /v1/session/ways": { query: never; body: never; answer: Schemas["sign_in_ways"] };
  "GET /v1/session/openid": { query: never; body: never; answer: never };
  "GET /v1/session/openid/callback": { query: "state" | "code" | "iss" | "error"; body: never; answer: never };
  "POST /v1/session/openid/end": { query: never; body: never; answer: Schemas["openid_end"] };
}
