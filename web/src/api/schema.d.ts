// Made by scripts/console_api.sh from the daemon's /openapi.json; not to be edited.

export interface components {
    schemas: {
        problem: {
            type: string;
            title: string;
            title_zh: string;
            status: number;
            detail?: string;
            detail_zh?: string;
            request: string;
            errors?: components["schemas"]["fault"][];
        };
        fault: {
            pointer?: string;
            parameter?: string;
            detail: string;
            detail_zh?: string;
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
            /** @enum {string} */
            degraded?: "rules_folder_only";
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
            detail_zh?: string;
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
            detail_zh?: string;
        };
        back_test_question: {
            from?: string;
            to?: string;
            as_of?: number;
            /** @enum {string} */
            order?: "time" | "log";
            quiet?: string;
            draft?: string;
            change?: number;
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
            problem: string | null;
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
                detail_zh?: string;
            }[];
            next: string | null;
            orders?: string[];
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
            unit_en?: string;
        };
        rule_files: {
            items: components["schemas"]["rule_file"][];
        };
        rule_file: {
            path: string;
            text: string | null;
            is_list: boolean;
            may_change: boolean;
            /** @enum {string} */
            origin: "folder" | "changed" | "added";
            file_version: number;
            change: number | null;
            since: string | null;
        };
        rules_check: {
            draft?: string;
            change?: number;
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
            detail_zh?: string;
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
                    layer: number;
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
            told?: boolean;
        };
        trace_start: {
            transfer?: string;
            account?: string;
            at?: string;
            amount_fen?: number;
            victim?: string;
        } | unknown | unknown;
        lead_page: {
            items: components["schemas"]["lead"][];
            next: string | null;
            orders?: string[];
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
            withdrawn_evidence?: number | null;
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
            orders?: string[];
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
            orders?: string[];
        };
        lead_comment_page: {
            items: components["schemas"]["lead_comment"][];
            next: string | null;
            orders?: string[];
        };
        lead_comments_create: {
            words: string;
        };
        handed_on: {
            taken: boolean;
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
            orders?: string[];
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
            withdrawn_evidence?: number | null;
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
                result: "sent" | "no_answer" | "wrong_number" | "not_there" | "refused" | "reached" | "dissuaded" | "delivered" | "busy" | "declined" | "answered" | "confirmed" | "failed";
                is_face_to_face?: boolean | null;
                is_identity_checked?: boolean | null;
                script?: string | null;
                words?: string | null;
                by?: number | null;
                at: string;
                delivery?: number | null;
            }[];
            next: string | null;
            orders?: string[];
        };
        warning_comment_page: {
            items: components["schemas"]["warning_comment"][];
            next: string | null;
            orders?: string[];
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
            orders?: string[];
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
            orders?: string[];
        };
        report_comment_page: {
            items: components["schemas"]["report_comment"][];
            next: string | null;
            orders?: string[];
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
            orders?: string[];
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
            orders?: string[];
        };
        entity_page: {
            items: components["schemas"]["entity"][];
            next: string | null;
            orders?: string[];
        };
        evidence_page: {
            items: components["schemas"]["evidence"][];
            next: string | null;
            orders?: string[];
        };
        case_comment_page: {
            items: components["schemas"]["case_comment"][];
            next: string | null;
            orders?: string[];
        };
        series_link_page: {
            items: components["schemas"]["series_link"][];
            next: string | null;
            orders?: string[];
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
            orders?: string[];
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
            orders?: string[];
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
            orders?: string[];
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
        stop_recall: {
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
            orders?: string[];
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
        freeze_leave_queue: {
            release_reason: string;
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
        inquiry_page: {
            items: components["schemas"]["inquiry"][];
            next: string | null;
            orders?: string[];
        };
        inquiry: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            account: string;
            institution: string;
            holder?: string | null;
            from_at: string;
            to_at: string;
            case: number;
            purpose: string;
            basis: string;
            /** @enum {string} */
            state: "proposed" | "refused" | "approved" | "answered" | "imported" | "failed";
            district?: number | null;
            station?: number | null;
            proposed_by?: number | null;
            approved_by?: number | null;
            approved_at?: string | null;
            answered_at?: string | null;
            result_code?: string | null;
            result?: string | null;
            evidence?: number | null;
            sha256?: string | null;
            imported_at?: string | null;
            accepted?: number | null;
            duplicates?: number | null;
            rejected?: number | null;
            rejects?: string | null;
            sequence?: number | null;
        };
        inquiry_propose: {
            account: string;
            institution: string;
            holder?: string;
            from_at: string;
            to_at: string;
            case: number;
            purpose: string;
            basis: string;
        };
        inquiry_refuse: {
            note: string;
        };
        inquiry_approve: {
            note?: string;
        };
        appeal_page: {
            items: components["schemas"]["appeal"][];
            next: string | null;
            orders?: string[];
        };
        appeal: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            /** @enum {string} */
            measure: "stop" | "freeze" | "punishment";
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
            measure: "stop" | "freeze" | "punishment";
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
            orders?: string[];
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
            submitted_at?: string | null;
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
            orders?: string[];
        };
        objection_page: {
            items: components["schemas"]["objection"][];
            next: string | null;
            orders?: string[];
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
            orders?: string[];
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
            timeout: number;
            answer_within: number;
            attempts_max: number;
            backoff: number;
            backoff_max: number;
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
        partner_link_try: {
            address?: string;
            title?: string;
            text: string;
        };
        partner_link_end: {
            note: string;
        };
        delivery_page: {
            items: components["schemas"]["delivery"][];
            next: string | null;
            orders?: string[];
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
            orders?: string[];
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
        outlet_page: {
            items: components["schemas"]["outlet"][];
            next: string | null;
            orders?: string[];
        };
        outlet: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            key: string;
            name: string;
            /** @enum {string} */
            category: "bank" | "telecom";
            institution: string;
            division?: string | null;
            address?: string | null;
            /** @enum {string} */
            state: "open" | "closed";
            district?: number | null;
            station?: number | null;
        };
        outlet_month_page: {
            items: components["schemas"]["outlet_month"][];
            next: string | null;
            orders?: string[];
        };
        outlet_months_state: {
            month: string;
            opened: number;
        };
        outlet_month: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            outlet: number;
            month: string;
            opened: number;
            by?: number | null;
            at?: string | null;
        };
        outlet_create: {
            key: string;
            name: string;
            /** @enum {string} */
            category: "bank" | "telecom";
            institution?: string;
            division?: string;
            address?: string;
        };
        outlet_edit: {
            name?: string;
            division?: string;
            address?: string;
        };
        outlet_close: Record<string, never>;
        card_page: {
            items: components["schemas"]["card"][];
            next: string | null;
            orders?: string[];
        };
        card: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            key: string;
            /** @enum {string} */
            category: "debit" | "credit" | "account" | "sim";
            outlet?: number | null;
            institution: string;
            holder?: string | null;
            opened_at?: string | null;
            staff?: string | null;
            /** @enum {string} */
            state: "open" | "closed";
            closed_at?: string | null;
            /** @enum {string|null} */
            problem?: "partner" | "investigation" | null;
            problem_reference?: string | null;
            problem_at?: string | null;
            problem_by?: number | null;
            district?: number | null;
            station?: number | null;
        };
        card_report: {
            key: string;
            /** @enum {string} */
            category: "debit" | "credit" | "account" | "sim";
            outlet_key?: string;
            institution?: string;
            holder?: string;
            opened_at?: string;
            staff?: string;
        };
        card_close: {
            closed_at?: string;
        };
        card_mark: {
            problem_reference: string;
        };
        card_unmark: {
            note: string;
        };
        outlet_notice_page: {
            items: components["schemas"]["outlet_notice"][];
            next: string | null;
            orders?: string[];
        };
        outlet_notice: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            outlet: number;
            /** @enum {string} */
            measure: "notice" | "rectify";
            from_month: string;
            to_month: string;
            words: string;
            figures?: unknown;
            turn?: number | null;
            is_repeat?: boolean | null;
            operation?: number | null;
            /** @enum {string} */
            state: "proposed" | "refused" | "issued" | "answered" | "returned" | "accepted" | "closed";
            due?: string | null;
            institution?: string | null;
            district?: number | null;
            station?: number | null;
            proposed_by?: number | null;
            approved_by?: number | null;
            issued_at?: string | null;
            answer?: string | null;
            trace_back?: string | null;
            answered_at?: string | null;
            reviewed_by?: number | null;
            reviewed_at?: string | null;
            returns?: number | null;
            is_late?: boolean | null;
            closed_by?: number | null;
            closed_at?: string | null;
        };
        outlet_notice_propose: {
            outlet: number;
            /** @enum {string} */
            measure: "notice" | "rectify";
            from_month: string;
            to_month: string;
            words: string;
            operation?: number;
        };
        outlet_notice_approve: {
            note?: string;
        };
        outlet_notice_refuse: {
            note: string;
        };
        outlet_notice_answer: {
            answer: string;
            trace_back?: string;
        };
        outlet_notice_return: {
            note: string;
        };
        outlet_notice_accept: {
            note?: string;
        };
        outlet_notice_close: {
            note?: string;
        };
        punishment_page: {
            items: components["schemas"]["punishment"][];
            next: string | null;
            orders?: string[];
        };
        punishment: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            person: string;
            name: string;
            ground: string;
            count?: number | null;
            measures: string;
            reason: string;
            remedy: string;
            appeal: string;
            case?: number | null;
            months?: number | null;
            /** @enum {string} */
            state: "proposed" | "refused" | "approved" | "in_force" | "repairing" | "lapsed" | "repaired" | "lifted";
            due?: string | null;
            district?: number | null;
            station?: number | null;
            proposed_by?: number | null;
            approved_by?: number | null;
            approved_at?: string | null;
            notice_number?: string | null;
            served_by?: number | null;
            starts_at?: string | null;
            expires_at?: string | null;
            in_a_row_since?: string | null;
            ended_at?: string | null;
            repair_by?: number | null;
            repair_reason?: string | null;
            repair_approved_by?: number | null;
            release_reason?: string | null;
        };
        punishment_propose: {
            person: string;
            name: string;
            ground: string;
            count?: number;
            measures: string;
            reason: string;
            remedy?: string;
            appeal?: string;
            case?: number;
        };
        punishment_approve: {
            note?: string;
        };
        punishment_refuse: {
            note: string;
        };
        punishment_serve: {
            notice_number: string;
        };
        punishment_repair_propose: {
            repair_reason: string;
        };
        punishment_repair_refuse: {
            note: string;
        };
        punishment_repair_approve: {
            note?: string;
        };
        audience_page: {
            items: components["schemas"]["audience"][];
            next: string | null;
            orders?: string[];
        };
        audience: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            title: string;
            area: number;
            /** @enum {string} */
            risk: "any" | "low" | "medium" | "high" | "urgent" | "victim";
            /** @enum {string} */
            age: "any" | "under_18" | "18_29" | "30_44" | "45_59" | "60_up" | "unknown";
            words?: string | null;
            /** @enum {string} */
            state: "open" | "closed";
            district?: number | null;
            station?: number | null;
            made_by?: number | null;
        };
        audience_create: {
            title: string;
            area: number;
            /** @enum {string} */
            risk?: "any" | "low" | "medium" | "high" | "urgent" | "victim";
            /** @enum {string} */
            age?: "any" | "under_18" | "18_29" | "30_44" | "45_59" | "60_up" | "unknown";
            words?: string;
        };
        audience_close: Record<string, never>;
        material_page: {
            items: components["schemas"]["material"][];
            next: string | null;
            orders?: string[];
        };
        material: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            title: string;
            fraud_type?: string | null;
            /** @enum {string} */
            language: "zh" | "en";
            first?: number | null;
            edition?: number | null;
            sms?: string | null;
            bot?: string | null;
            mail_subject?: string | null;
            mail?: string | null;
            /** @enum {string} */
            state: "draft" | "approved" | "refused" | "withdrawn";
            made_by?: number | null;
            approved_by?: number | null;
            approved_at?: string | null;
        };
        material_write: {
            title: string;
            fraud_type?: string;
            /** @enum {string} */
            language: "zh" | "en";
            sms?: string;
            bot?: string;
            mail_subject?: string;
            mail?: string;
        };
        material_revise: {
            of: number;
            title?: string;
            sms?: string;
            bot?: string;
            mail_subject?: string;
            mail?: string;
        };
        material_approve: {
            note?: string;
        };
        material_refuse: {
            note: string;
        };
        material_withdraw: {
            note: string;
        };
        campaign_page: {
            items: components["schemas"]["campaign"][];
            next: string | null;
            orders?: string[];
        };
        campaign: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            title: string;
            audience: number;
            material: number;
            /** @enum {string} */
            channel: "sms" | "bot" | "mail" | "event" | "partner";
            /** @enum {string} */
            schedule: "once" | "weekly";
            first_at: string;
            until?: string | null;
            operation?: number | null;
            /** @enum {string} */
            state: "drafting" | "proposed" | "refused" | "approved" | "running" | "paused" | "done";
            run?: number | null;
            next_at?: string | null;
            run_at?: string | null;
            district?: number | null;
            station?: number | null;
            made_by?: number | null;
            proposed_by?: number | null;
            approved_by?: number | null;
            approved_at?: string | null;
            started_at?: string | null;
            ended_at?: string | null;
        };
        campaign_send_page: {
            items: {
                id: number;
                version: number;
                created_at: string;
                updated_at: string;
                number?: string;
                acts?: string[];
                campaign: number;
                run: number;
                /** @enum {string} */
                to: "person" | "group" | "partner";
                person?: string | null;
                group?: number | null;
                partner?: number | null;
                members?: number | null;
                delivery?: number | null;
                /** @enum {string} */
                state: "queued" | "delivered" | "failed" | "opted_out" | "no_link";
                at: string;
                operation?: number | null;
                district?: number | null;
                station?: number | null;
            }[];
            next: string | null;
            orders?: string[];
        };
        campaign_draft: {
            title: string;
            audience: number;
            material: number;
            /** @enum {string} */
            channel: "sms" | "bot" | "mail" | "event" | "partner";
            /** @enum {string} */
            schedule: "once" | "weekly";
            first_at: string;
            until?: string;
            operation?: number;
        };
        campaign_edit: {
            title?: string;
            material?: number;
            /** @enum {string} */
            schedule?: "once" | "weekly";
            first_at?: string;
            until?: string;
            operation?: number;
        };
        campaign_propose: {
            note?: string;
        };
        campaign_approve: {
            note?: string;
        };
        campaign_refuse: {
            note: string;
        };
        campaign_start: Record<string, never>;
        campaign_pause: {
            note: string;
        };
        campaign_resume: Record<string, never>;
        campaign_finish: {
            note: string;
        };
        opt_out_page: {
            items: components["schemas"]["opt_out"][];
            next: string | null;
            orders?: string[];
        };
        opt_out: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            /** @enum {string} */
            source: "reply" | "call" | "visit" | "letter";
            /** @enum {string} */
            state: "active" | "revoked";
            by?: number | null;
            at?: string | null;
        };
        opt_out_add: {
            phone: string;
            /** @enum {string} */
            source: "reply" | "call" | "visit" | "letter";
        };
        opt_out_revoke: {
            note: string;
        };
        chat_group_page: {
            items: components["schemas"]["chat_group"][];
            next: string | null;
            orders?: string[];
        };
        chat_group: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            name: string;
            /** @enum {string} */
            platform: "wecom" | "dingtalk" | "feishu" | "other";
            partner?: string | null;
            community?: string | null;
            members: number;
            counted_at?: string | null;
            /** @enum {string} */
            state: "open" | "closed";
            district?: number | null;
            station?: number | null;
        };
        chat_group_create: {
            name: string;
            /** @enum {string} */
            platform: "wecom" | "dingtalk" | "feishu" | "other";
            partner?: string;
            community?: string;
            members: number;
            area: number;
        };
        chat_group_edit: {
            name?: string;
            partner?: string;
            community?: string;
        };
        chat_group_count: {
            members: number;
        };
        chat_group_close: Record<string, never>;
        outreach_event_page: {
            items: components["schemas"]["outreach_event"][];
            next: string | null;
            orders?: string[];
        };
        outreach_event: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            title: string;
            /** @enum {string} */
            category: "school" | "parents_online" | "community" | "enterprise" | "market" | "other";
            place?: string | null;
            at: string;
            campaign?: number | null;
            operation?: number | null;
            area: number;
            parents?: number | null;
            students?: number | null;
            residents?: number | null;
            staff?: number | null;
            officers?: number | null;
            materials?: number | null;
            points?: number | null;
            words?: string | null;
            /** @enum {string} */
            state: "planned" | "held" | "cancelled";
            district?: number | null;
            station?: number | null;
            made_by?: number | null;
        };
        outreach_event_plan: {
            title: string;
            /** @enum {string} */
            category: "school" | "parents_online" | "community" | "enterprise" | "market" | "other";
            place?: string;
            at: string;
            campaign?: number;
            area: number;
            operation?: number;
        };
        outreach_event_hold: {
            parents?: number;
            students?: number;
            residents?: number;
            staff?: number;
            officers?: number;
            materials?: number;
            points?: number;
            words?: string;
        };
        outreach_event_correct: {
            parents?: number;
            students?: number;
            residents?: number;
            staff?: number;
            officers?: number;
            materials?: number;
            points?: number;
            note: string;
        };
        outreach_event_cancel: {
            note: string;
        };
        alliance_partner_page: {
            items: components["schemas"]["alliance_partner"][];
            next: string | null;
            orders?: string[];
        };
        alliance_partner: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            name: string;
            /** @enum {string} */
            category: "market" | "petrol_station" | "power_bank" | "school" | "company" | "media" | "other";
            contact?: string | null;
            mail?: string | null;
            area: number;
            /** @enum {string} */
            state: "active" | "ended";
            since?: string | null;
            district?: number | null;
            station?: number | null;
        };
        alliance_action_page: {
            items: components["schemas"]["alliance_action"][];
            next: string | null;
            orders?: string[];
        };
        alliance_partner_actions_ask: {
            campaign?: number;
            what: string;
            from: string;
            until?: string;
        };
        alliance_action: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            partner: number;
            campaign?: number | null;
            what: string;
            from: string;
            until?: string | null;
            reach?: number | null;
            /** @enum {string|null} */
            basis?: "counted" | "stated" | "estimated" | null;
            materials?: number | null;
            /** @enum {string} */
            state: "asked" | "done" | "cancelled";
        };
        alliance_partner_join: {
            name: string;
            /** @enum {string} */
            category: "market" | "petrol_station" | "power_bank" | "school" | "company" | "media" | "other";
            contact?: string;
            mail?: string;
            area: number;
        };
        alliance_partner_edit: {
            name?: string;
            contact?: string;
            mail?: string;
        };
        alliance_partner_leave: {
            note: string;
        };
        alliance_action_ask: {
            partner: number;
            campaign?: number;
            what: string;
            from: string;
            until?: string;
        };
        alliance_action_finish: {
            reach?: number;
            /** @enum {string} */
            basis?: "counted" | "stated" | "estimated";
            materials?: number;
            until?: string;
        };
        alliance_action_cancel: {
            note: string;
        };
        operation_page: {
            items: components["schemas"]["operation"][];
            next: string | null;
            orders?: string[];
        };
        operation: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            name: string;
            aim?: string | null;
            from: string;
            until: string;
            commander: number;
            phase?: string | null;
            /** @enum {string} */
            state: "drafted" | "submitted" | "approved" | "running" | "closed" | "cancelled";
            district?: number | null;
            station?: number | null;
            drafted_by?: number | null;
            approved_by?: number | null;
            approved_at?: string | null;
            started_at?: string | null;
            closed_at?: string | null;
            closed_by?: number | null;
            summary?: string | null;
        };
        participation_page: {
            items: components["schemas"]["participation"][];
            next: string | null;
            orders?: string[];
        };
        target_page: {
            items: components["schemas"]["target"][];
            next: string | null;
            orders?: string[];
        };
        site_page: {
            items: components["schemas"]["site"][];
            next: string | null;
            orders?: string[];
        };
        team_page: {
            items: components["schemas"]["team"][];
            next: string | null;
            orders?: string[];
        };
        step_page: {
            items: components["schemas"]["step"][];
            next: string | null;
            orders?: string[];
        };
        arrest_page: {
            items: components["schemas"]["arrest"][];
            next: string | null;
            orders?: string[];
        };
        seizure_page: {
            items: components["schemas"]["seizure"][];
            next: string | null;
            orders?: string[];
        };
        place_page: {
            items: components["schemas"]["place"][];
            next: string | null;
            orders?: string[];
        };
        operation_participations_create: {
            unit: number;
            duty?: string;
        };
        participation: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            operation: number;
            unit: number;
            duty?: string | null;
            /** @enum {string} */
            state: "taking_part" | "withdrawn";
            district?: number | null;
            station?: number | null;
            live_unit?: number | null;
        };
        operation_targets_propose: {
            type?: string;
            name?: string;
            secure: string;
            site?: number;
            subject?: string;
            address?: string;
            division?: string;
            at?: string;
            words?: string;
            case?: number;
            lead?: number;
            finding?: string;
            trace_transfer?: string;
            trace_account?: string;
            trace_at?: string;
            trace_amount_fen?: number;
            /** @enum {string} */
            trace_method?: "fifo" | "lifo" | "prorata" | "poison" | "bounds";
            suggested_role?: string;
            suggested_why?: string;
        };
        target: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            operation?: number | null;
            type: string;
            subject?: string | null;
            name: string;
            address?: string | null;
            division?: string | null;
            at?: string | null;
            secure: string;
            words?: string | null;
            case?: number | null;
            lead?: number | null;
            finding?: string | null;
            trace_transfer?: string | null;
            trace_account?: string | null;
            trace_at?: string | null;
            trace_amount_fen?: number | null;
            /** @enum {string|null} */
            trace_method?: "fifo" | "lifo" | "prorata" | "poison" | "bounds" | null;
            as_of: number;
            site?: number | null;
            suggested_role?: string | null;
            suggested_why?: string | null;
            confirmed_role?: string | null;
            /** @enum {string} */
            state: "proposed" | "refused" | "approved" | "struck" | "missed" | "withdrawn";
            district?: number | null;
            station?: number | null;
            proposed_by?: number | null;
            approved_by?: number | null;
            approved_at?: string | null;
            ended_at?: string | null;
            result?: string | null;
            /** @enum {string|null} */
            suggested_from?: "trace" | "person" | null;
            confirmed_by?: number | null;
        };
        operation_sites_create: {
            name: string;
            type: string;
            address: string;
            division?: string;
            latitude_e6?: number;
            longitude_e6?: number;
            plan?: string;
            method?: string;
        };
        site: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            operation: number;
            name: string;
            type: string;
            address: string;
            division?: string | null;
            latitude_e6?: number | null;
            longitude_e6?: number | null;
            plan?: string | null;
            method?: string | null;
            /** @enum {string} */
            state: "planned" | "secured" | "cleared" | "dropped";
            secured_at?: string | null;
            result?: string | null;
            district?: number | null;
            station?: number | null;
        };
        operation_teams_create: {
            name: string;
            unit: number;
            site?: number;
            officers: number;
            leader?: number;
        };
        team: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            operation: number;
            site?: number | null;
            name: string;
            unit: number;
            leader?: number | null;
            officers: number;
            /** @enum {string} */
            state: "formed" | "deployed" | "withdrawn" | "dissolved";
            deployed_at?: string | null;
            withdrawn_at?: string | null;
            district?: number | null;
            station?: number | null;
        };
        operation_steps_create: {
            phase: string;
            title: string;
            unit: number;
            due: string;
            words?: string;
            site?: number;
            assignee?: number;
        };
        step: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            operation: number;
            phase: string;
            title: string;
            words?: string | null;
            site?: number | null;
            unit: number;
            assignee?: number | null;
            due: string;
            /** @enum {string} */
            state: "open" | "done" | "cancelled";
            is_overdue: boolean;
            result?: string | null;
            done_by?: number | null;
            done_at?: string | null;
            district?: number | null;
            station?: number | null;
        };
        operation_arrests_create: {
            site?: number;
            target?: number;
            case?: number;
            team?: number;
            identity: string;
            full_name: string;
            arrested_at: string;
            measure: string;
            paper?: string;
            suggested_role?: string;
            suggested_why?: string;
        };
        arrest: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            operation?: number | null;
            site?: number | null;
            target?: number | null;
            case?: number | null;
            team?: number | null;
            person: string;
            name: string;
            suggested_role?: string | null;
            suggested_why?: string | null;
            confirmed_role?: string | null;
            confirmed_by?: number | null;
            confirmed_why?: string | null;
            measure: string;
            paper?: string | null;
            arrested_at: string;
            /** @enum {string} */
            state: "recorded" | "confirmed" | "released" | "void";
            recorded_by?: number | null;
            released_at?: string | null;
            district?: number | null;
            station?: number | null;
        };
        operation_seizures_create: {
            site?: number;
            arrest?: number;
            case?: number;
            type: string;
            count?: number;
            amount_fen?: number;
            marks?: string;
            words?: string;
            paper: string;
            seized_at: string;
            holder?: string;
            second_by: number;
        };
        seizure: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            operation?: number | null;
            site?: number | null;
            arrest?: number | null;
            case?: number | null;
            type: string;
            count: number;
            amount_fen?: number | null;
            marks?: string | null;
            words?: string | null;
            paper: string;
            seized_at: string;
            /** @enum {string} */
            state: "held" | "transferred" | "returned" | "void";
            holder?: string | null;
            seized_by?: number | null;
            second_by: number;
            returned_at?: string | null;
            district?: number | null;
            station?: number | null;
        };
        operation_places_create: {
            name: string;
            type: string;
            address: string;
            division?: string;
            problem: string;
            owner?: string;
        };
        place: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            operation?: number | null;
            name: string;
            type: string;
            address: string;
            division?: string | null;
            problem: string;
            owner?: string | null;
            /** @enum {string} */
            state: "found" | "notified" | "reported" | "rectified" | "closed" | "dropped";
            notice?: string | null;
            notified_at?: string | null;
            notified_by?: number | null;
            due?: string | null;
            is_overdue: boolean;
            reported_at?: string | null;
            rectified_at?: string | null;
            rectified_by?: number | null;
            failures: number;
            penalty?: string | null;
            follow_up_at?: string | null;
            found_by?: number | null;
            district?: number | null;
            station?: number | null;
        };
        operation_draft: {
            name: string;
            aim?: string;
            from: string;
            until: string;
            commander: number;
        };
        operation_edit: {
            name?: string;
            aim?: string;
            from?: string;
            until?: string;
            commander?: number;
            note?: string;
        };
        operation_submit: {
            note?: string;
        };
        operation_approve: {
            note?: string;
        };
        operation_refuse: {
            note: string;
        };
        operation_start: {
            note?: string;
        };
        operation_enter_phase: {
            phase: string;
            note?: string;
        };
        operation_close: {
            summary: string;
        };
        operation_cancel: {
            note: string;
        };
        participation_create: {
            operation: number;
            unit: number;
            duty?: string;
        };
        participation_withdraw: {
            note: string;
        };
        target_arrests_create: {
            operation?: number;
            site?: number;
            case?: number;
            team?: number;
            identity: string;
            full_name: string;
            arrested_at: string;
            measure: string;
            paper?: string;
            suggested_role?: string;
            suggested_why?: string;
        };
        target_propose: {
            operation?: number;
            type?: string;
            name?: string;
            secure: string;
            site?: number;
            subject?: string;
            address?: string;
            division?: string;
            at?: string;
            words?: string;
            case?: number;
            lead?: number;
            finding?: string;
            trace_transfer?: string;
            trace_account?: string;
            trace_at?: string;
            trace_amount_fen?: number;
            /** @enum {string} */
            trace_method?: "fifo" | "lifo" | "prorata" | "poison" | "bounds";
            suggested_role?: string;
            suggested_why?: string;
        };
        target_edit: {
            operation?: number;
            type?: string;
            name?: string;
            secure?: string;
            subject?: string;
            address?: string;
            division?: string;
            at?: string;
            words?: string;
            case?: number;
            lead?: number;
            finding?: string;
            trace_transfer?: string;
            trace_account?: string;
            trace_at?: string;
            trace_amount_fen?: number;
            /** @enum {string} */
            trace_method?: "fifo" | "lifo" | "prorata" | "poison" | "bounds";
            suggested_role?: string;
            suggested_why?: string;
            note?: string;
        };
        target_put_site: {
            site: number;
            note?: string;
        };
        target_approve: {
            note?: string;
        };
        target_refuse: {
            note: string;
        };
        target_suggest_role: Record<string, never>;
        target_confirm_role: {
            confirmed_role: string;
            note: string;
        };
        target_strike: {
            result: string;
        };
        target_miss: {
            result: string;
        };
        target_withdraw: {
            note: string;
        };
        site_arrests_create: {
            operation?: number;
            target?: number;
            case?: number;
            team?: number;
            identity: string;
            full_name: string;
            arrested_at: string;
            measure: string;
            paper?: string;
            suggested_role?: string;
            suggested_why?: string;
        };
        site_seizures_create: {
            operation?: number;
            arrest?: number;
            case?: number;
            type: string;
            count?: number;
            amount_fen?: number;
            marks?: string;
            words?: string;
            paper: string;
            seized_at: string;
            holder?: string;
            second_by: number;
        };
        site_create: {
            operation: number;
            name: string;
            type: string;
            address: string;
            division?: string;
            latitude_e6?: number;
            longitude_e6?: number;
            plan?: string;
            method?: string;
        };
        site_edit: {
            name?: string;
            type?: string;
            latitude_e6?: number;
            longitude_e6?: number;
            plan?: string;
            method?: string;
            note?: string;
        };
        site_secure: {
            note?: string;
        };
        site_clear: {
            result: string;
        };
        site_drop: {
            note: string;
        };
        team_create: {
            operation: number;
            name: string;
            unit: number;
            site?: number;
            officers: number;
            leader?: number;
        };
        team_edit: {
            name?: string;
            site?: number;
            officers?: number;
            leader?: number;
            note?: string;
        };
        team_deploy: {
            note?: string;
        };
        team_withdraw: {
            note?: string;
        };
        team_dissolve: {
            note: string;
        };
        step_create: {
            operation: number;
            phase: string;
            title: string;
            unit: number;
            due: string;
            words?: string;
            site?: number;
            assignee?: number;
        };
        step_edit: {
            title?: string;
            words?: string;
            assignee?: number;
            due?: string;
            note?: string;
        };
        step_finish: {
            result: string;
        };
        step_cancel: {
            note: string;
        };
        arrest_create: {
            operation?: number;
            site?: number;
            target?: number;
            case?: number;
            team?: number;
            identity: string;
            full_name: string;
            arrested_at: string;
            measure: string;
            paper?: string;
            suggested_role?: string;
            suggested_why?: string;
        };
        arrest_confirm_role: {
            confirmed_role: string;
            confirmed_why: string;
        };
        arrest_put_measure: {
            measure: string;
            paper: string;
            note?: string;
        };
        arrest_release: {
            note: string;
        };
        arrest_void: {
            note: string;
        };
        seizure_custody_page: {
            items: components["schemas"]["seizure_custody"][];
            next: string | null;
            orders?: string[];
        };
        seizure_custody_create: {
            /** @enum {string} */
            what: "received" | "handed_over" | "viewed" | "copied" | "sealed" | "returned";
            from?: string;
            to?: string;
            place?: string;
            words?: string;
        };
        seizure_custody: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            seizure: number;
            /** @enum {string} */
            what: "received" | "handed_over" | "viewed" | "copied" | "sealed" | "returned";
            from?: string | null;
            to?: string | null;
            place?: string | null;
            words?: string | null;
            by?: number | null;
            at: string;
        };
        seizure_create: {
            operation?: number;
            site?: number;
            arrest?: number;
            case?: number;
            type: string;
            count?: number;
            amount_fen?: number;
            marks?: string;
            words?: string;
            paper: string;
            seized_at: string;
            holder?: string;
            second_by: number;
        };
        seizure_hand_over: {
            holder: string;
            note?: string;
        };
        seizure_give_back: {
            note: string;
        };
        seizure_void: {
            note: string;
        };
        inspection_page: {
            items: {
                id: number;
                version: number;
                created_at: string;
                updated_at: string;
                number?: string;
                acts?: string[];
                place: number;
                /** @enum {string} */
                result: "passed" | "failed" | "holds" | "relapsed";
                words?: string | null;
                by?: number | null;
                at: string;
            }[];
            next: string | null;
            orders?: string[];
        };
        place_create: {
            operation?: number;
            name: string;
            type: string;
            address: string;
            division?: string;
            problem: string;
            owner?: string;
        };
        place_notify: {
            notice: string;
            due: string;
        };
        place_report: {
            note?: string;
        };
        place_pass: {
            words: string;
        };
        place_fail: {
            words: string;
            due: string;
        };
        place_penalise: {
            penalty: string;
        };
        place_holds: {
            words: string;
        };
        place_relapsed: {
            words: string;
            due: string;
        };
        place_drop: {
            note: string;
        };
        bulletin_page: {
            items: components["schemas"]["bulletin"][];
            next: string | null;
            orders?: string[];
        };
        bulletin: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            title: string;
            words?: string | null;
            from: string;
            to: string;
            unit?: number | null;
            operation?: number | null;
            site?: number | null;
            replaces?: number | null;
            content?: number | null;
            figures_sha256?: string | null;
            cut_off?: string | null;
            log_sequence?: number | null;
            /** @enum {string} */
            state: "drafted" | "approved" | "issued" | "dropped";
            district?: number | null;
            station?: number | null;
            drafted_by?: number | null;
            computed_by?: number | null;
            approved_by?: number | null;
            approved_at?: string | null;
            issued_by?: number | null;
            issued_at?: string | null;
        };
        bulletin_file_page: {
            items: {
                id: number;
                version: number;
                created_at: string;
                updated_at: string;
                number?: string;
                acts?: string[];
                bulletin: number;
                /** @enum {string} */
                format: "text" | "pdf" | "xlsx" | "json";
                /** @enum {string} */
                language: "zh" | "en";
                size: number;
                sha256: string;
                content: number;
                at: string;
            }[];
            next: string | null;
            orders?: string[];
        };
        bulletin_create: {
            title: string;
            words?: string;
            from: string;
            to: string;
            unit?: number;
            operation?: number;
            site?: number;
            replaces?: number;
        };
        bulletin_edit: {
            title?: string;
            words?: string;
            note?: string;
        };
        bulletin_approve: {
            note?: string;
        };
        bulletin_reopen: {
            note: string;
        };
        bulletin_drop: {
            note: string;
        };
        import_page: {
            items: components["schemas"]["import"][];
            next: string | null;
            orders?: string[];
        };
        import: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            name: string;
            sha256: string;
            bytes: number;
            purpose: string;
            /** @enum {string} */
            state: "uploaded" | "running" | "stopped" | "imported" | "proposed" | "withdrawing" | "withdrawn" | "discarded";
            /** @enum {string|null} */
            format?: "csv" | "ndjson" | "finbench" | "amlsim" | "amlworld" | "pacs008" | null;
            /** @enum {string|null} */
            encoding?: "auto" | "utf-8" | "gb18030" | null;
            mapping?: unknown;
            job?: string | null;
            import?: number | null;
            transfers?: number | null;
            withdrawals?: number | null;
            others?: number | null;
            duplicates?: number | null;
            rejected?: number | null;
            rounded?: number | null;
            why?: string | null;
            uploaded_by?: number | null;
            uploaded_at?: string | null;
            started_by?: number | null;
            started_at?: string | null;
            finished_at?: string | null;
            proposed_by?: number | null;
            proposed_at?: string | null;
            reason?: string | null;
            approved_by?: number | null;
            approved_at?: string | null;
            withdrawn_at?: string | null;
            sequence?: number | null;
            kept?: number | null;
            marked?: number | null;
        };
        import_discard: {
            note?: string;
        };
        import_propose_withdrawal: {
            reason: string;
        };
        import_keep: {
            note: string;
        };
        import_approve_withdrawal: {
            note?: string;
        };
        rule_change_page: {
            items: components["schemas"]["rule_change"][];
            next: string | null;
            orders?: string[];
        };
        rule_change: {
            id: number;
            version: number;
            created_at: string;
            updated_at: string;
            number?: string;
            acts?: string[];
            path: string;
            why: string;
            effective_from?: string | null;
            /** @enum {string} */
            state: "draft" | "submitted" | "approved" | "in_force" | "superseded" | "rejected" | "discarded" | "withdrawn" | "failed";
            sha256?: string | null;
            bytes?: number | null;
            is_list?: boolean | null;
            base?: number | null;
            base_sha256?: string | null;
            base_file_version?: number | null;
            file_version?: number | null;
            rules_sha256?: string | null;
            written_by?: number | null;
            written_at?: string | null;
            submitted_by?: number | null;
            submitted_at?: string | null;
            decided_by?: number | null;
            decided_at?: string | null;
            in_force_at?: string | null;
            ended_by?: number | null;
            ended_at?: string | null;
            replaces?: number | null;
            failure?: string | null;
        };
        rule_change_create: {
            path: string;
            text: string;
            why: string;
            effective_from?: string;
            seen_sha256?: string;
        };
        rule_change_edit: {
            text?: string;
            why?: string;
            effective_from?: string;
            seen_sha256?: string;
        };
        rule_change_submit: {
            note?: string;
        };
        rule_change_discard: {
            note?: string;
        };
        rule_change_approve: {
            note?: string;
        };
        rule_change_reject: {
            note: string;
        };
        rule_change_withdraw: {
            note: string;
        };
        dated_page: {
            items: components["schemas"]["dated"][];
            next: string | null;
            orders?: string[];
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
            orders?: string[];
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
            orders?: string[];
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
            orders?: string[];
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
            institution?: string | null;
        };
        user_create: {
            login: string;
            name: string;
            unit: number;
            roles: string;
            /** @enum {string} */
            language?: "zh" | "en";
            subject?: string;
            institution?: string;
        };
        user_edit: {
            name?: string;
            unit?: number;
            roles?: string;
            /** @enum {string} */
            language?: "zh" | "en";
            subject?: string;
            institution?: string;
        };
        user_new_code: Record<string, never>;
        user_unlock: {
            note?: string;
        };
        user_end_sessions: {
            note: string;
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
            orders?: string[];
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
        card_check: {
            holder: string;
        };
        openings_import: {
            outlets?: unknown[];
            months?: unknown[];
            cards?: unknown[];
        } | unknown | unknown | unknown;
        bulletin_compute: Record<string, never>;
        bulletin_issue: {
            note?: string;
        };
        workflows: {
            items: components["schemas"]["workflow"][];
            laws: components["schemas"]["workflow_law"][];
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
        workflow_law: {
            law: string;
            en: string;
            zh: string;
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
        audit_figures: {
            from: string;
            to: string;
            acts: components["schemas"]["audit_figure"][];
            purposes_in_all: number;
            purposes: components["schemas"]["audit_purpose"][];
        };
        audit_figure: {
            act: string;
            user: number | null;
            count: number;
        };
        audit_purpose: {
            purpose: string;
            user: number | null;
            count: number;
        };
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
            orders?: string[];
        };
        sign_in_ways: {
            has_cookie: boolean;
            password: boolean;
            openid: components["schemas"]["sign_in_openid"] | null;
        };
        sign_in_openid: {
            start: string;
            name_zh: string;
            name_en: string;
        };
        openid_end: {
            url: string | null;
        };
        import_head: {
            /** @enum {string} */
            encoding: "utf-8" | "gb18030";
            /** @enum {string} */
            format: "csv" | "ndjson" | "pacs008";
            refusal: string | null;
            refusal_zh?: string;
            lines: unknown[];
        };
        import_preview_request: {
            /** @enum {string} */
            format: "csv" | "ndjson" | "finbench" | "amlsim" | "amlworld" | "pacs008";
            /** @enum {string} */
            encoding?: "auto" | "utf-8" | "gb18030";
            mapping?: unknown;
            rows?: number;
        };
        import_preview: {
            rows: number;
            rejected: number;
            rounded: number;
            transfers: number;
            withdrawals: number;
            others: number;
            signals: unknown[];
            rejects: components["schemas"]["import_reject"][];
        };
        import_reject: {
            line: number;
            field: string | null;
            reason: string;
            content: string;
        };
        import_start: {
            /** @enum {string} */
            format: "csv" | "ndjson" | "finbench" | "amlsim" | "amlworld" | "pacs008";
            /** @enum {string} */
            encoding?: "auto" | "utf-8" | "gb18030";
            mapping?: unknown;
        };
        saved_views: {
            items: components["schemas"]["saved_view"][];
        };
        saved_view: {
            id: number;
            list: string;
            name: string;
            query: string;
            is_shared: boolean;
            is_mine: boolean;
            owner: number;
        };
        saved_view_input: {
            list: string;
            name: string;
            query?: string;
            is_shared?: boolean;
        };
        rule_text: {
            path: string;
            is_list: boolean;
            text: string;
            sha256: string;
            change: number | null;
            file_version: number | null;
            base_text: string | null;
            base_sha256: string | null;
            base: number | null;
        };
        partner_requests: {
            items: components["schemas"]["partner_request"][];
            open: number;
            late: number;
        };
        partner_request: {
            /** @enum {string} */
            kind: "stop" | "freeze";
            late: boolean;
            left_ms?: number;
            record: unknown;
        };
        partner_tips: {
            items: components["schemas"]["partner_tip"][];
            before?: number;
        };
        partner_tip: {
            id: number;
            at: string;
            reference?: string;
            words?: string;
            feedback?: string;
            feedback_at?: string;
        };
        partner_answers: {
            items: components["schemas"]["partner_answer"][];
        };
        partner_answer: {
            /** @enum {string} */
            kind: "stop" | "freeze";
            id: number;
            act: string;
            version?: number;
            input?: unknown;
        };
        partner_results: {
            results: components["schemas"]["partner_result"][];
            done: number;
            refused: number;
        };
        partner_result: {
            id: number;
            done: boolean;
            state?: string;
            version?: number;
            why?: string;
            why_zh?: string;
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
  "GET /v1/traces": { query: "transfer" | "account" | "at" | "amount_fen" | "victim" | "sink" | "method" | "within" | "depth" | "min_fen" | "entries_max" | "as_of" | "until" | "told"; body: never; answer: Schemas["published_trace"] };
  "POST /v1/traces": { query: never; body: Schemas["trace_question"]; answer: Schemas["published_trace"] };
  "POST /v1/trace-packages": { query: never; body: Schemas["trace_question"]; answer: Schemas["job"] };
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
  "POST /v1/stops/{id}/recall": { query: never; body: Schemas["stop_recall"]; answer: Schemas["stop"] };
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
  "POST /v1/freezes/{id}/leave_queue": { query: never; body: Schemas["freeze_leave_queue"]; answer: Schemas["freeze"] };
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
  "GET /v1/inquiries": { query: "account" | "institution" | "case" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["inquiry_page"] };
  "POST /v1/inquiries": { query: never; body: Schemas["inquiry_propose"]; answer: Schemas["inquiry"] };
  "GET /v1/inquiries/{id}": { query: never; body: never; answer: Schemas["inquiry"] };
  "GET /v1/inquiries/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/inquiries/{id}/refuse": { query: never; body: Schemas["inquiry_refuse"]; answer: Schemas["inquiry"] };
  "POST /v1/inquiries/{id}/approve": { query: never; body: Schemas["inquiry_approve"]; answer: Schemas["inquiry"] };
  "POST /v1/inquiries/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/appeals": { query: "measure" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["appeal_page"] };
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
  "POST /v1/partner-links/{id}/try": { query: never; body: Schemas["partner_link_try"]; answer: Schemas["partner_link"] };
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
  "GET /v1/outlets": { query: "key" | "category" | "institution" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["outlet_page"] };
  "POST /v1/outlets": { query: never; body: Schemas["outlet_create"]; answer: Schemas["outlet"] };
  "GET /v1/outlets/{id}": { query: never; body: never; answer: Schemas["outlet"] };
  "GET /v1/outlets/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "GET /v1/outlets/{id}/months": { query: "outlet" | "month" | "order" | "limit" | "cursor"; body: never; answer: Schemas["outlet_month_page"] };
  "POST /v1/outlets/{id}/months": { query: never; body: Schemas["outlet_months_state"]; answer: Schemas["outlet_month"] };
  "POST /v1/outlets/{id}/edit": { query: never; body: Schemas["outlet_edit"]; answer: Schemas["outlet"] };
  "POST /v1/outlets/{id}/close": { query: never; body: Schemas["outlet_close"]; answer: Schemas["outlet"] };
  "POST /v1/outlets/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/cards": { query: "key" | "category" | "outlet" | "institution" | "opened_at" | "state" | "problem" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["card_page"] };
  "POST /v1/cards": { query: never; body: Schemas["card_report"]; answer: Schemas["card"] };
  "GET /v1/cards/{id}": { query: never; body: never; answer: Schemas["card"] };
  "GET /v1/cards/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/cards/{id}/close": { query: never; body: Schemas["card_close"]; answer: Schemas["card"] };
  "POST /v1/cards/{id}/mark": { query: never; body: Schemas["card_mark"]; answer: Schemas["card"] };
  "POST /v1/cards/{id}/unmark": { query: never; body: Schemas["card_unmark"]; answer: Schemas["card"] };
  "POST /v1/cards/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/outlet-notices": { query: "outlet" | "measure" | "is_repeat" | "operation" | "state" | "institution" | "district" | "station" | "issued_at" | "is_late" | "order" | "limit" | "cursor"; body: never; answer: Schemas["outlet_notice_page"] };
  "POST /v1/outlet-notices": { query: never; body: Schemas["outlet_notice_propose"]; answer: Schemas["outlet_notice"] };
  "GET /v1/outlet-notices/{id}": { query: never; body: never; answer: Schemas["outlet_notice"] };
  "GET /v1/outlet-notices/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/outlet-notices/{id}/approve": { query: never; body: Schemas["outlet_notice_approve"]; answer: Schemas["outlet_notice"] };
  "POST /v1/outlet-notices/{id}/refuse": { query: never; body: Schemas["outlet_notice_refuse"]; answer: Schemas["outlet_notice"] };
  "POST /v1/outlet-notices/{id}/answer": { query: never; body: Schemas["outlet_notice_answer"]; answer: Schemas["outlet_notice"] };
  "POST /v1/outlet-notices/{id}/return": { query: never; body: Schemas["outlet_notice_return"]; answer: Schemas["outlet_notice"] };
  "POST /v1/outlet-notices/{id}/accept": { query: never; body: Schemas["outlet_notice_accept"]; answer: Schemas["outlet_notice"] };
  "POST /v1/outlet-notices/{id}/close": { query: never; body: Schemas["outlet_notice_close"]; answer: Schemas["outlet_notice"] };
  "POST /v1/outlet-notices/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/punishments": { query: "person" | "ground" | "case" | "state" | "district" | "station" | "expires_at" | "order" | "limit" | "cursor"; body: never; answer: Schemas["punishment_page"] };
  "POST /v1/punishments": { query: never; body: Schemas["punishment_propose"]; answer: Schemas["punishment"] };
  "GET /v1/punishments/{id}": { query: never; body: never; answer: Schemas["punishment"] };
  "GET /v1/punishments/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/punishments/{id}/approve": { query: never; body: Schemas["punishment_approve"]; answer: Schemas["punishment"] };
  "POST /v1/punishments/{id}/refuse": { query: never; body: Schemas["punishment_refuse"]; answer: Schemas["punishment"] };
  "POST /v1/punishments/{id}/serve": { query: never; body: Schemas["punishment_serve"]; answer: Schemas["punishment"] };
  "POST /v1/punishments/{id}/repair_propose": { query: never; body: Schemas["punishment_repair_propose"]; answer: Schemas["punishment"] };
  "POST /v1/punishments/{id}/repair_refuse": { query: never; body: Schemas["punishment_repair_refuse"]; answer: Schemas["punishment"] };
  "POST /v1/punishments/{id}/repair_approve": { query: never; body: Schemas["punishment_repair_approve"]; answer: Schemas["punishment"] };
  "POST /v1/punishments/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/audiences": { query: "area" | "risk" | "age" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["audience_page"] };
  "POST /v1/audiences": { query: never; body: Schemas["audience_create"]; answer: Schemas["audience"] };
  "GET /v1/audiences/{id}": { query: never; body: never; answer: Schemas["audience"] };
  "GET /v1/audiences/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/audiences/{id}/close": { query: never; body: Schemas["audience_close"]; answer: Schemas["audience"] };
  "POST /v1/audiences/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/materials": { query: "fraud_type" | "language" | "first" | "state" | "order" | "limit" | "cursor"; body: never; answer: Schemas["material_page"] };
  "POST /v1/materials": { query: never; body: Schemas["material_write"]; answer: Schemas["material"] };
  "GET /v1/materials/{id}": { query: never; body: never; answer: Schemas["material"] };
  "GET /v1/materials/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/materials/revise": { query: never; body: Schemas["material_revise"]; answer: Schemas["material"] };
  "POST /v1/materials/{id}/approve": { query: never; body: Schemas["material_approve"]; answer: Schemas["material"] };
  "POST /v1/materials/{id}/refuse": { query: never; body: Schemas["material_refuse"]; answer: Schemas["material"] };
  "POST /v1/materials/{id}/withdraw": { query: never; body: Schemas["material_withdraw"]; answer: Schemas["material"] };
  "POST /v1/materials/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/campaigns": { query: "audience" | "material" | "channel" | "operation" | "state" | "district" | "station" | "started_at" | "order" | "limit" | "cursor"; body: never; answer: Schemas["campaign_page"] };
  "POST /v1/campaigns": { query: never; body: Schemas["campaign_draft"]; answer: Schemas["campaign"] };
  "GET /v1/campaigns/{id}": { query: never; body: never; answer: Schemas["campaign"] };
  "GET /v1/campaigns/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "GET /v1/campaigns/{id}/sends": { query: "run" | "to" | "state" | "operation" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["campaign_send_page"] };
  "POST /v1/campaigns/{id}/edit": { query: never; body: Schemas["campaign_edit"]; answer: Schemas["campaign"] };
  "POST /v1/campaigns/{id}/propose": { query: never; body: Schemas["campaign_propose"]; answer: Schemas["campaign"] };
  "POST /v1/campaigns/{id}/approve": { query: never; body: Schemas["campaign_approve"]; answer: Schemas["campaign"] };
  "POST /v1/campaigns/{id}/refuse": { query: never; body: Schemas["campaign_refuse"]; answer: Schemas["campaign"] };
  "POST /v1/campaigns/{id}/start": { query: never; body: Schemas["campaign_start"]; answer: Schemas["campaign"] };
  "POST /v1/campaigns/{id}/pause": { query: never; body: Schemas["campaign_pause"]; answer: Schemas["campaign"] };
  "POST /v1/campaigns/{id}/resume": { query: never; body: Schemas["campaign_resume"]; answer: Schemas["campaign"] };
  "POST /v1/campaigns/{id}/finish": { query: never; body: Schemas["campaign_finish"]; answer: Schemas["campaign"] };
  "POST /v1/campaigns/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/opt-outs": { query: "state" | "order" | "limit" | "cursor"; body: never; answer: Schemas["opt_out_page"] };
  "POST /v1/opt-outs": { query: never; body: Schemas["opt_out_add"]; answer: Schemas["opt_out"] };
  "GET /v1/opt-outs/{id}": { query: never; body: never; answer: Schemas["opt_out"] };
  "GET /v1/opt-outs/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/opt-outs/{id}/revoke": { query: never; body: Schemas["opt_out_revoke"]; answer: Schemas["opt_out"] };
  "POST /v1/opt-outs/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/chat-groups": { query: "platform" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["chat_group_page"] };
  "POST /v1/chat-groups": { query: never; body: Schemas["chat_group_create"]; answer: Schemas["chat_group"] };
  "GET /v1/chat-groups/{id}": { query: never; body: never; answer: Schemas["chat_group"] };
  "GET /v1/chat-groups/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/chat-groups/{id}/edit": { query: never; body: Schemas["chat_group_edit"]; answer: Schemas["chat_group"] };
  "POST /v1/chat-groups/{id}/count": { query: never; body: Schemas["chat_group_count"]; answer: Schemas["chat_group"] };
  "POST /v1/chat-groups/{id}/close": { query: never; body: Schemas["chat_group_close"]; answer: Schemas["chat_group"] };
  "POST /v1/chat-groups/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/outreach-events": { query: "category" | "at" | "campaign" | "operation" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["outreach_event_page"] };
  "POST /v1/outreach-events": { query: never; body: Schemas["outreach_event_plan"]; answer: Schemas["outreach_event"] };
  "GET /v1/outreach-events/{id}": { query: never; body: never; answer: Schemas["outreach_event"] };
  "GET /v1/outreach-events/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/outreach-events/{id}/hold": { query: never; body: Schemas["outreach_event_hold"]; answer: Schemas["outreach_event"] };
  "POST /v1/outreach-events/{id}/correct": { query: never; body: Schemas["outreach_event_correct"]; answer: Schemas["outreach_event"] };
  "POST /v1/outreach-events/{id}/cancel": { query: never; body: Schemas["outreach_event_cancel"]; answer: Schemas["outreach_event"] };
  "POST /v1/outreach-events/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/alliance-partners": { query: "category" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["alliance_partner_page"] };
  "POST /v1/alliance-partners": { query: never; body: Schemas["alliance_partner_join"]; answer: Schemas["alliance_partner"] };
  "GET /v1/alliance-partners/{id}": { query: never; body: never; answer: Schemas["alliance_partner"] };
  "GET /v1/alliance-partners/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "GET /v1/alliance-partners/{id}/actions": { query: "campaign" | "from" | "state" | "order" | "limit" | "cursor"; body: never; answer: Schemas["alliance_action_page"] };
  "POST /v1/alliance-partners/{id}/actions": { query: never; body: Schemas["alliance_partner_actions_ask"]; answer: Schemas["alliance_action"] };
  "POST /v1/alliance-partners/{id}/edit": { query: never; body: Schemas["alliance_partner_edit"]; answer: Schemas["alliance_partner"] };
  "POST /v1/alliance-partners/{id}/leave": { query: never; body: Schemas["alliance_partner_leave"]; answer: Schemas["alliance_partner"] };
  "POST /v1/alliance-partners/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/alliance-actions": { query: "campaign" | "from" | "state" | "order" | "limit" | "cursor"; body: never; answer: Schemas["alliance_action_page"] };
  "POST /v1/alliance-actions": { query: never; body: Schemas["alliance_action_ask"]; answer: Schemas["alliance_action"] };
  "GET /v1/alliance-actions/{id}": { query: never; body: never; answer: Schemas["alliance_action"] };
  "GET /v1/alliance-actions/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/alliance-actions/{id}/finish": { query: never; body: Schemas["alliance_action_finish"]; answer: Schemas["alliance_action"] };
  "POST /v1/alliance-actions/{id}/cancel": { query: never; body: Schemas["alliance_action_cancel"]; answer: Schemas["alliance_action"] };
  "POST /v1/alliance-actions/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/operations": { query: "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["operation_page"] };
  "POST /v1/operations": { query: never; body: Schemas["operation_draft"]; answer: Schemas["operation"] };
  "GET /v1/operations/{id}": { query: never; body: never; answer: Schemas["operation"] };
  "GET /v1/operations/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "GET /v1/operations/{id}/participations": { query: "operation" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["participation_page"] };
  "POST /v1/operations/{id}/participations": { query: never; body: Schemas["operation_participations_create"]; answer: Schemas["participation"] };
  "GET /v1/operations/{id}/targets": { query: "operation" | "type" | "subject" | "case" | "site" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["target_page"] };
  "POST /v1/operations/{id}/targets": { query: never; body: Schemas["operation_targets_propose"]; answer: Schemas["target"] };
  "GET /v1/operations/{id}/sites": { query: "operation" | "type" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["site_page"] };
  "POST /v1/operations/{id}/sites": { query: never; body: Schemas["operation_sites_create"]; answer: Schemas["site"] };
  "GET /v1/operations/{id}/teams": { query: "operation" | "site" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["team_page"] };
  "POST /v1/operations/{id}/teams": { query: never; body: Schemas["operation_teams_create"]; answer: Schemas["team"] };
  "GET /v1/operations/{id}/steps": { query: "operation" | "phase" | "unit" | "assignee" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["step_page"] };
  "POST /v1/operations/{id}/steps": { query: never; body: Schemas["operation_steps_create"]; answer: Schemas["step"] };
  "GET /v1/operations/{id}/arrests": { query: "operation" | "site" | "target" | "case" | "confirmed_role" | "measure" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["arrest_page"] };
  "POST /v1/operations/{id}/arrests": { query: never; body: Schemas["operation_arrests_create"]; answer: Schemas["arrest"] };
  "GET /v1/operations/{id}/seizures": { query: "operation" | "site" | "case" | "type" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["seizure_page"] };
  "POST /v1/operations/{id}/seizures": { query: never; body: Schemas["operation_seizures_create"]; answer: Schemas["seizure"] };
  "GET /v1/operations/{id}/places": { query: "operation" | "type" | "state" | "is_overdue" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["place_page"] };
  "POST /v1/operations/{id}/places": { query: never; body: Schemas["operation_places_create"]; answer: Schemas["place"] };
  "POST /v1/operations/{id}/edit": { query: never; body: Schemas["operation_edit"]; answer: Schemas["operation"] };
  "POST /v1/operations/{id}/submit": { query: never; body: Schemas["operation_submit"]; answer: Schemas["operation"] };
  "POST /v1/operations/{id}/approve": { query: never; body: Schemas["operation_approve"]; answer: Schemas["operation"] };
  "POST /v1/operations/{id}/refuse": { query: never; body: Schemas["operation_refuse"]; answer: Schemas["operation"] };
  "POST /v1/operations/{id}/start": { query: never; body: Schemas["operation_start"]; answer: Schemas["operation"] };
  "POST /v1/operations/{id}/enter_phase": { query: never; body: Schemas["operation_enter_phase"]; answer: Schemas["operation"] };
  "POST /v1/operations/{id}/close": { query: never; body: Schemas["operation_close"]; answer: Schemas["operation"] };
  "POST /v1/operations/{id}/cancel": { query: never; body: Schemas["operation_cancel"]; answer: Schemas["operation"] };
  "POST /v1/operations/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/participations": { query: "operation" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["participation_page"] };
  "POST /v1/participations": { query: never; body: Schemas["participation_create"]; answer: Schemas["participation"] };
  "GET /v1/participations/{id}": { query: never; body: never; answer: Schemas["participation"] };
  "GET /v1/participations/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/participations/{id}/withdraw": { query: never; body: Schemas["participation_withdraw"]; answer: Schemas["participation"] };
  "POST /v1/participations/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/targets": { query: "operation" | "type" | "subject" | "case" | "site" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["target_page"] };
  "POST /v1/targets": { query: never; body: Schemas["target_propose"]; answer: Schemas["target"] };
  "GET /v1/targets/{id}": { query: never; body: never; answer: Schemas["target"] };
  "GET /v1/targets/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "GET /v1/targets/{id}/arrests": { query: "operation" | "site" | "target" | "case" | "confirmed_role" | "measure" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["arrest_page"] };
  "POST /v1/targets/{id}/arrests": { query: never; body: Schemas["target_arrests_create"]; answer: Schemas["arrest"] };
  "POST /v1/targets/{id}/edit": { query: never; body: Schemas["target_edit"]; answer: Schemas["target"] };
  "POST /v1/targets/{id}/put_site": { query: never; body: Schemas["target_put_site"]; answer: Schemas["target"] };
  "POST /v1/targets/{id}/approve": { query: never; body: Schemas["target_approve"]; answer: Schemas["target"] };
  "POST /v1/targets/{id}/refuse": { query: never; body: Schemas["target_refuse"]; answer: Schemas["target"] };
  "POST /v1/targets/{id}/suggest_role": { query: never; body: Schemas["target_suggest_role"]; answer: Schemas["target"] };
  "POST /v1/targets/{id}/confirm_role": { query: never; body: Schemas["target_confirm_role"]; answer: Schemas["target"] };
  "POST /v1/targets/{id}/strike": { query: never; body: Schemas["target_strike"]; answer: Schemas["target"] };
  "POST /v1/targets/{id}/miss": { query: never; body: Schemas["target_miss"]; answer: Schemas["target"] };
  "POST /v1/targets/{id}/withdraw": { query: never; body: Schemas["target_withdraw"]; answer: Schemas["target"] };
  "POST /v1/targets/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/sites": { query: "operation" | "type" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["site_page"] };
  "POST /v1/sites": { query: never; body: Schemas["site_create"]; answer: Schemas["site"] };
  "GET /v1/sites/{id}": { query: never; body: never; answer: Schemas["site"] };
  "GET /v1/sites/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "GET /v1/sites/{id}/arrests": { query: "operation" | "site" | "target" | "case" | "confirmed_role" | "measure" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["arrest_page"] };
  "POST /v1/sites/{id}/arrests": { query: never; body: Schemas["site_arrests_create"]; answer: Schemas["arrest"] };
  "GET /v1/sites/{id}/seizures": { query: "operation" | "site" | "case" | "type" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["seizure_page"] };
  "POST /v1/sites/{id}/seizures": { query: never; body: Schemas["site_seizures_create"]; answer: Schemas["seizure"] };
  "POST /v1/sites/{id}/edit": { query: never; body: Schemas["site_edit"]; answer: Schemas["site"] };
  "POST /v1/sites/{id}/secure": { query: never; body: Schemas["site_secure"]; answer: Schemas["site"] };
  "POST /v1/sites/{id}/clear": { query: never; body: Schemas["site_clear"]; answer: Schemas["site"] };
  "POST /v1/sites/{id}/drop": { query: never; body: Schemas["site_drop"]; answer: Schemas["site"] };
  "POST /v1/sites/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/teams": { query: "operation" | "site" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["team_page"] };
  "POST /v1/teams": { query: never; body: Schemas["team_create"]; answer: Schemas["team"] };
  "GET /v1/teams/{id}": { query: never; body: never; answer: Schemas["team"] };
  "GET /v1/teams/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/teams/{id}/edit": { query: never; body: Schemas["team_edit"]; answer: Schemas["team"] };
  "POST /v1/teams/{id}/deploy": { query: never; body: Schemas["team_deploy"]; answer: Schemas["team"] };
  "POST /v1/teams/{id}/withdraw": { query: never; body: Schemas["team_withdraw"]; answer: Schemas["team"] };
  "POST /v1/teams/{id}/dissolve": { query: never; body: Schemas["team_dissolve"]; answer: Schemas["team"] };
  "POST /v1/teams/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/steps": { query: "operation" | "phase" | "unit" | "assignee" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["step_page"] };
  "POST /v1/steps": { query: never; body: Schemas["step_create"]; answer: Schemas["step"] };
  "GET /v1/steps/{id}": { query: never; body: never; answer: Schemas["step"] };
  "GET /v1/steps/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/steps/{id}/edit": { query: never; body: Schemas["step_edit"]; answer: Schemas["step"] };
  "POST /v1/steps/{id}/finish": { query: never; body: Schemas["step_finish"]; answer: Schemas["step"] };
  "POST /v1/steps/{id}/cancel": { query: never; body: Schemas["step_cancel"]; answer: Schemas["step"] };
  "POST /v1/steps/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/arrests": { query: "operation" | "site" | "target" | "case" | "confirmed_role" | "measure" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["arrest_page"] };
  "POST /v1/arrests": { query: never; body: Schemas["arrest_create"]; answer: Schemas["arrest"] };
  "GET /v1/arrests/{id}": { query: never; body: never; answer: Schemas["arrest"] };
  "GET /v1/arrests/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/arrests/{id}/confirm_role": { query: never; body: Schemas["arrest_confirm_role"]; answer: Schemas["arrest"] };
  "POST /v1/arrests/{id}/put_measure": { query: never; body: Schemas["arrest_put_measure"]; answer: Schemas["arrest"] };
  "POST /v1/arrests/{id}/release": { query: never; body: Schemas["arrest_release"]; answer: Schemas["arrest"] };
  "POST /v1/arrests/{id}/void": { query: never; body: Schemas["arrest_void"]; answer: Schemas["arrest"] };
  "POST /v1/arrests/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/seizures": { query: "operation" | "site" | "case" | "type" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["seizure_page"] };
  "POST /v1/seizures": { query: never; body: Schemas["seizure_create"]; answer: Schemas["seizure"] };
  "GET /v1/seizures/{id}": { query: never; body: never; answer: Schemas["seizure"] };
  "GET /v1/seizures/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "GET /v1/seizures/{id}/custody": { query: "order" | "limit" | "cursor"; body: never; answer: Schemas["seizure_custody_page"] };
  "POST /v1/seizures/{id}/custody": { query: never; body: Schemas["seizure_custody_create"]; answer: Schemas["seizure_custody"] };
  "POST /v1/seizures/{id}/hand_over": { query: never; body: Schemas["seizure_hand_over"]; answer: Schemas["seizure"] };
  "POST /v1/seizures/{id}/give_back": { query: never; body: Schemas["seizure_give_back"]; answer: Schemas["seizure"] };
  "POST /v1/seizures/{id}/void": { query: never; body: Schemas["seizure_void"]; answer: Schemas["seizure"] };
  "POST /v1/seizures/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/places": { query: "operation" | "type" | "state" | "is_overdue" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["place_page"] };
  "POST /v1/places": { query: never; body: Schemas["place_create"]; answer: Schemas["place"] };
  "GET /v1/places/{id}": { query: never; body: never; answer: Schemas["place"] };
  "GET /v1/places/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "GET /v1/places/{id}/inspections": { query: "order" | "limit" | "cursor"; body: never; answer: Schemas["inspection_page"] };
  "POST /v1/places/{id}/notify": { query: never; body: Schemas["place_notify"]; answer: Schemas["place"] };
  "POST /v1/places/{id}/report": { query: never; body: Schemas["place_report"]; answer: Schemas["place"] };
  "POST /v1/places/{id}/pass": { query: never; body: Schemas["place_pass"]; answer: Schemas["place"] };
  "POST /v1/places/{id}/fail": { query: never; body: Schemas["place_fail"]; answer: Schemas["place"] };
  "POST /v1/places/{id}/penalise": { query: never; body: Schemas["place_penalise"]; answer: Schemas["place"] };
  "POST /v1/places/{id}/holds": { query: never; body: Schemas["place_holds"]; answer: Schemas["place"] };
  "POST /v1/places/{id}/relapsed": { query: never; body: Schemas["place_relapsed"]; answer: Schemas["place"] };
  "POST /v1/places/{id}/drop": { query: never; body: Schemas["place_drop"]; answer: Schemas["place"] };
  "POST /v1/places/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/bulletins": { query: "operation" | "replaces" | "state" | "district" | "station" | "order" | "limit" | "cursor"; body: never; answer: Schemas["bulletin_page"] };
  "POST /v1/bulletins": { query: never; body: Schemas["bulletin_create"]; answer: Schemas["bulletin"] };
  "GET /v1/bulletins/{id}": { query: never; body: never; answer: Schemas["bulletin"] };
  "GET /v1/bulletins/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "GET /v1/bulletins/{id}/files": { query: "order" | "limit" | "cursor"; body: never; answer: Schemas["bulletin_file_page"] };
  "POST /v1/bulletins/{id}/edit": { query: never; body: Schemas["bulletin_edit"]; answer: Schemas["bulletin"] };
  "POST /v1/bulletins/{id}/approve": { query: never; body: Schemas["bulletin_approve"]; answer: Schemas["bulletin"] };
  "POST /v1/bulletins/{id}/reopen": { query: never; body: Schemas["bulletin_reopen"]; answer: Schemas["bulletin"] };
  "POST /v1/bulletins/{id}/drop": { query: never; body: Schemas["bulletin_drop"]; answer: Schemas["bulletin"] };
  "POST /v1/bulletins/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/imports": { query: "sha256" | "state" | "order" | "limit" | "cursor"; body: never; answer: Schemas["import_page"] };
  "POST /v1/imports": { query: "name"; body: unknown; answer: unknown };
  "GET /v1/imports/{id}": { query: never; body: never; answer: Schemas["import"] };
  "GET /v1/imports/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/imports/{id}/discard": { query: never; body: Schemas["import_discard"]; answer: Schemas["import"] };
  "POST /v1/imports/{id}/propose_withdrawal": { query: never; body: Schemas["import_propose_withdrawal"]; answer: Schemas["import"] };
  "POST /v1/imports/{id}/keep": { query: never; body: Schemas["import_keep"]; answer: Schemas["import"] };
  "POST /v1/imports/{id}/approve_withdrawal": { query: never; body: Schemas["import_approve_withdrawal"]; answer: Schemas["import"] };
  "POST /v1/imports/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
  "GET /v1/rule_changes": { query: "path" | "state" | "is_list" | "file_version" | "order" | "limit" | "cursor"; body: never; answer: Schemas["rule_change_page"] };
  "POST /v1/rule_changes": { query: never; body: Schemas["rule_change_create"]; answer: Schemas["rule_change"] };
  "GET /v1/rule_changes/{id}": { query: never; body: never; answer: Schemas["rule_change"] };
  "GET /v1/rule_changes/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/rule_changes/{id}/edit": { query: never; body: Schemas["rule_change_edit"]; answer: Schemas["rule_change"] };
  "POST /v1/rule_changes/{id}/submit": { query: never; body: Schemas["rule_change_submit"]; answer: Schemas["rule_change"] };
  "POST /v1/rule_changes/{id}/discard": { query: never; body: Schemas["rule_change_discard"]; answer: Schemas["rule_change"] };
  "POST /v1/rule_changes/{id}/approve": { query: never; body: Schemas["rule_change_approve"]; answer: Schemas["rule_change"] };
  "POST /v1/rule_changes/{id}/reject": { query: never; body: Schemas["rule_change_reject"]; answer: Schemas["rule_change"] };
  "POST /v1/rule_changes/{id}/withdraw": { query: never; body: Schemas["rule_change_withdraw"]; answer: Schemas["rule_change"] };
  "POST /v1/rule_changes/acts": { query: never; body: Schemas["bulk_act"]; answer: unknown };
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
  "GET /v1/users": { query: "login" | "unit" | "state" | "institution" | "order" | "limit" | "cursor"; body: never; answer: Schemas["user_page"] };
  "POST /v1/users": { query: never; body: Schemas["user_create"]; answer: Schemas["user"] };
  "GET /v1/users/{id}": { query: never; body: never; answer: Schemas["user"] };
  "GET /v1/users/{id}/history": { query: "limit" | "cursor"; body: never; answer: Schemas["history_page"] };
  "POST /v1/users/{id}/edit": { query: never; body: Schemas["user_edit"]; answer: Schemas["user"] };
  "POST /v1/users/{id}/new_code": { query: never; body: Schemas["user_new_code"]; answer: Schemas["user"] };
  "POST /v1/users/{id}/unlock": { query: never; body: Schemas["user_unlock"]; answer: Schemas["user"] };
  "POST /v1/users/{id}/end_sessions": { query: never; body: Schemas["user_end_sessions"]; answer: Schemas["user"] };
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
  "DELETE /v1/me/sessions": { query: never; body: never; answer: never };
  "POST /v1/session/password": { query: never; body: Schemas["password_with_code"]; answer: never };
  "POST /v1/me/password": { query: never; body: Schemas["password_change"]; answer: never };
  "GET /v1/me": { query: never; body: never; answer: Schemas["me"] };
  "GET /v1/evidence/{id}/content": { query: never; body: never; answer: unknown };
  "GET /v1/cases/{id}/thresholds": { query: never; body: never; answer: unknown };
  "GET /v1/warnings/{id}/script": { query: never; body: never; answer: unknown };
  "GET /v1/outlets/ranking": { query: "from" | "to" | "kind" | "district"; body: never; answer: unknown };
  "GET /v1/outlets/{id}/problem-cards": { query: never; body: never; answer: unknown };
  "POST /v1/cards/check": { query: never; body: Schemas["card_check"]; answer: unknown };
  "POST /v1/outlets/import": { query: never; body: Schemas["openings_import"]; answer: unknown };
  "GET /v1/audiences/{id}/preview": { query: never; body: never; answer: unknown };
  "GET /v1/campaigns/{id}/reach": { query: never; body: never; answer: unknown };
  "GET /v1/outreach/reach": { query: "from" | "to" | "district"; body: never; answer: unknown };
  "GET /v1/campaigns/{id}/effect": { query: "length"; body: never; answer: unknown };
  "GET /v1/operations/{id}/tally": { query: never; body: never; answer: unknown };
  "GET /v1/command": { query: never; body: never; answer: unknown };
  "GET /v1/targets/{id}/package": { query: "format"; body: never; answer: unknown };
  "GET /v1/figures": { query: "from" | "to" | "unit" | "operation" | "site"; body: never; answer: unknown };
  "POST /v1/bulletins/{id}/compute": { query: never; body: Schemas["bulletin_compute"]; answer: unknown };
  "POST /v1/bulletins/{id}/issue": { query: never; body: Schemas["bulletin_issue"]; answer: unknown };
  "GET /v1/bulletins/{id}/document": { query: "format" | "language"; body: never; answer: unknown };
  "GET /v1/workflows": { query: never; body: never; answer: Schemas["workflows"] };
  "GET /v1/work": { query: never; body: never; answer: Schemas["work"] };
  "POST /v1/presence": { query: never; body: Schemas["presence"]; answer: Schemas["presence_others"] };
  "GET /v1/search": { query: "q" | "kind"; body: never; answer: Schemas["search_hits"] };
  "POST /v1/intake/parse": { query: never; body: Schemas["intake_text"]; answer: unknown };
  "GET /v1/returns/{id}/documents/{name}": { query: never; body: never; answer: unknown };
  "POST /v1/stops/along-trace": { query: never; body: Schemas["stops_along_trace"]; answer: unknown };
  "GET /v1/audit": { query: "at" | "user" | "login" | "unit" | "act" | "kind" | "record" | "order" | "limit" | "cursor"; body: never; answer: unknown };
  "POST /v1/audit/verify": { query: never; body: never; answer: Schemas["job"] };
  "GET /v1/audit/figures": { query: "from" | "to"; body: never; answer: Schemas["audit_figures"] };
  "POST /v1/backups": { query: never; body: never; answer: Schemas["job"] };
  "GET /v1/backups": { query: never; body: never; answer: Schemas["backup_list"] };
  "GET /v1/session/ways": { query: never; body: never; answer: Schemas["sign_in_ways"] };
  "GET /v1/session/openid": { query: never; body: never; answer: never };
  "GET /v1/session/openid/callback": { query: "state" | "code" | "iss" | "error"; body: never; answer: never };
  "POST /v1/session/openid/logout": { query: never; body: unknown; answer: unknown };
  "POST /v1/session/openid/end": { query: never; body: never; answer: Schemas["openid_end"] };
  "GET /v1/imports/{id}/head": { query: never; body: never; answer: Schemas["import_head"] };
  "POST /v1/imports/{id}/preview": { query: never; body: Schemas["import_preview_request"]; answer: Schemas["import_preview"] };
  "POST /v1/imports/{id}/check": { query: never; body: Schemas["import_start"]; answer: Schemas["job"] };
  "POST /v1/imports/{id}/start": { query: never; body: Schemas["import_start"]; answer: Schemas["job"] };
  "GET /v1/imports/{id}/rejects": { query: never; body: never; answer: unknown };
  "GET /v1/saved-views": { query: "list"; body: never; answer: Schemas["saved_views"] };
  "POST /v1/saved-views": { query: never; body: Schemas["saved_view_input"]; answer: Schemas["saved_view"] };
  "DELETE /v1/saved-views/{id}": { query: never; body: never; answer: never };
  "GET /v1/rules/text": { query: "path"; body: never; answer: Schemas["rule_text"] };
  "GET /v1/rule_changes/{id}/text": { query: never; body: never; answer: Schemas["rule_text"] };
  "GET /v1/partner/requests": { query: never; body: never; answer: Schemas["partner_requests"] };
  "GET /v1/partner/tips": { query: "before"; body: never; answer: Schemas["partner_tips"] };
  "POST /v1/partner/answers": { query: never; body: Schemas["partner_answers"]; answer: Schemas["partner_results"] };
  "POST /v1/partner/messages": { query: never; body: unknown; answer: unknown };
}
