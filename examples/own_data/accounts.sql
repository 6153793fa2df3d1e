-- One row an account, as it was known at the end of the day :as_of.
--
-- Five tables go in: accounts, subscriptions, feature_usage, support_tickets, churn_events, with
-- dates as 2026-01-31. Every step looks only at rows dated on or before :as_of. Columns that hold
-- today's state without a date (accounts.churn_flag, plan_tier, subscriptions.upgrade_flag …) are
-- not used: nobody knows whether they were already so on that day.
--
-- The headers that come out are column names that `healthsheet score` knows. To use your own
-- tables, change the steps and keep the last SELECT.

WITH

-- 1. Paying subscriptions that ran on the day. An end date after the day was not known then.
running AS (
    SELECT *
    FROM subscriptions
    WHERE start_date <= :as_of
      AND (end_date IS NULL OR end_date > :as_of)
      AND is_trial = 'FALSE'
),

-- 2. The same a year earlier, for growth.
running_before AS (
    SELECT account_id, SUM(arr_amount) AS arr
    FROM subscriptions
    WHERE start_date <= date(:as_of, '-12 months')
      AND (end_date IS NULL OR end_date > date(:as_of, '-12 months'))
      AND is_trial = 'FALSE'
    GROUP BY account_id
),

-- 3. Accounts that had left by then: a churn event, and no subscription begun since.
gone AS (
    SELECT c.account_id
    FROM (
        SELECT account_id, MAX(churn_date) AS churn_date
        FROM churn_events
        WHERE churn_date <= :as_of
        GROUP BY account_id
    ) AS c
    WHERE NOT EXISTS (
        SELECT 1
        FROM subscriptions AS s
        WHERE s.account_id = c.account_id
          AND s.start_date > c.churn_date
          AND s.start_date <= :as_of
    )
),

-- 4. The contract: ARR of all running subscriptions, seats, the largest plan as segment. Only
--    annual subscriptions have a renewal worth watching: the next anniversary of one of them.
contracts AS (
    SELECT
        account_id,
        SUM(arr_amount) AS arr,
        SUM(seats) AS seats,
        MAX(CASE plan_tier WHEN 'Enterprise' THEN 3 WHEN 'Pro' THEN 2 ELSE 1 END) AS plan,
        MIN(
            CASE
                WHEN billing_frequency = 'annual' THEN
                    CASE
                        WHEN strftime('%Y', :as_of) || substr(start_date, 5) > :as_of
                            THEN date(strftime('%Y', :as_of) || substr(start_date, 5))
                        ELSE date(strftime('%Y', :as_of) || substr(start_date, 5), '+1 year')
                    END
            END
        ) AS renewal_date
    FROM running
    GROUP BY account_id
),

-- 5. Later subscriptions of the last 12 months, as expansions.
expansions AS (
    SELECT s.account_id, COUNT(*) AS expansions
    FROM running AS s
    WHERE s.start_date > date(:as_of, '-12 months')
      AND EXISTS (
        SELECT 1
        FROM subscriptions AS earlier
        WHERE earlier.account_id = s.account_id
          AND earlier.is_trial = 'FALSE'
          AND earlier.start_date < s.start_date
      )
    GROUP BY s.account_id
),

-- 6. Usage by account. Rows dated before the account signed up are not its own.
usage AS (
    SELECT s.account_id, u.usage_date, u.feature_name, u.usage_count
    FROM feature_usage AS u
    JOIN subscriptions AS s ON s.subscription_id = u.subscription_id
    JOIN accounts AS a ON a.account_id = s.account_id
    WHERE u.usage_date <= :as_of
      AND u.usage_date >= a.signup_date
),
usage_now AS (
    SELECT
        account_id,
        MAX(usage_date) AS last_activity_date,
        COUNT(DISTINCT CASE WHEN usage_date > date(:as_of, '-90 days') THEN feature_name END)
            AS features_used,
        COUNT(DISTINCT CASE WHEN usage_date > date(:as_of, '-28 days') THEN usage_date END) / 4.0
            AS days_used_per_week,
        SUM(CASE WHEN usage_date > date(:as_of, '-90 days') THEN usage_count ELSE 0 END)
            AS quarter,
        SUM(
            CASE
                WHEN usage_date > date(:as_of, '-180 days')
                 AND usage_date <= date(:as_of, '-90 days') THEN usage_count
                ELSE 0
            END
        ) AS quarter_before,
        SUM(CASE WHEN usage_date > date(:as_of, '-30 days') THEN usage_count ELSE 0 END) AS month,
        SUM(
            CASE
                WHEN usage_date > date(:as_of, '-60 days')
                 AND usage_date <= date(:as_of, '-30 days') THEN usage_count
                ELSE 0
            END
        ) AS month_before
    FROM usage
    GROUP BY account_id
),

-- 7. Tickets. What happened after the day (closing, rating) is not known yet.
tickets AS (
    SELECT
        account_id,
        ticket_id,
        submitted_at,
        priority,
        first_response_time_minutes,
        escalation_flag,
        CASE WHEN date(closed_at) <= :as_of THEN date(closed_at) END AS closed_at,
        CASE WHEN date(closed_at) <= :as_of THEN satisfaction_score END AS rating
    FROM support_tickets
    WHERE submitted_at <= :as_of
),
recent AS (
    SELECT
        t.*,
        -- A re-contact: the account had another ticket closed in the week before this one.
        EXISTS (
            SELECT 1
            FROM tickets AS earlier
            WHERE earlier.account_id = t.account_id
              AND earlier.ticket_id <> t.ticket_id
              AND earlier.closed_at <= t.submitted_at
              AND earlier.closed_at >= date(t.submitted_at, '-7 days')
        ) AS recontact,
        -- Your own promise of a first answer, in minutes.
        first_response_time_minutes
            <= CASE priority WHEN 'urgent' THEN 60 WHEN 'high' THEN 120 ELSE 240 END AS in_time
    FROM tickets AS t
    WHERE t.submitted_at > date(:as_of, '-90 days')
),
support_now AS (
    SELECT
        account_id,
        COUNT(*) AS tickets,
        SUM(escalation_flag = 'TRUE') AS escalations,
        AVG(recontact) AS recontact_rate,
        AVG(in_time) AS sla_compliance
    FROM recent
    GROUP BY account_id
),
ratings AS (
    SELECT account_id, AVG(rating) AS csat, MAX(closed_at) AS csat_as_of
    FROM tickets
    WHERE rating IS NOT NULL
      AND closed_at > date(:as_of, '-90 days')
    GROUP BY account_id
),
support_before AS (
    SELECT account_id, COUNT(*) AS tickets
    FROM tickets
    WHERE submitted_at > date(:as_of, '-180 days')
      AND submitted_at <= date(:as_of, '-90 days')
    GROUP BY account_id
),
open_now AS (
    SELECT
        account_id,
        COUNT(*) AS tickets,
        SUM(priority = 'urgent') AS p1,
        SUM(priority = 'high') AS p2,
        SUM(priority NOT IN ('urgent', 'high')) AS p3
    FROM tickets
    WHERE closed_at IS NULL
    GROUP BY account_id
)

-- 8. What `healthsheet score` reads. What a table cannot tell stays empty; it is never a zero.
--    Counts of tickets are the exception: no row in the help desk does mean no ticket.
SELECT
    a.account_id,
    a.account_name,
    CASE c.plan WHEN 3 THEN 'enterprise' WHEN 2 THEN 'mid_market' ELSE 'smb' END AS segment,
    a.country AS region,
    c.arr,
    'USD' AS currency,
    a.signup_date AS start_date,
    c.renewal_date,
    :as_of AS data_as_of,
    c.seats AS seats_licensed,
    u.last_activity_date,
    u.features_used,
    (SELECT COUNT(DISTINCT feature_name) FROM feature_usage WHERE usage_date <= :as_of)
        AS features_available,
    u.days_used_per_week AS logins_per_week,
    -- Changes are written with their % sign, so that a growth of 2,800 % is not taken for a slip.
    -- A change against nothing is unknown: NULL || '%' stays NULL.
    ROUND(100.0 * u.month / NULLIF(u.month_before, 0) - 100, 1) || '%' AS usage_trend_month,
    ROUND(100.0 * u.quarter / NULLIF(u.quarter_before, 0) - 100, 1) || '%' AS usage_trend_quarter,
    ROUND(r.csat, 2) AS csat,
    r.csat_as_of,
    -- From no ticket to one counts as +100 %, to two as +200 %.
    ROUND(
        (COALESCE(s.tickets, 0) - COALESCE(b.tickets, 0)) * 100.0 / MAX(COALESCE(b.tickets, 0), 1), 1
    ) || '%' AS ticket_trend_90d,
    ROUND(s.recontact_rate, 4) AS recontact_rate,
    COALESCE(s.escalations, 0) AS escalations_90d,
    ROUND(s.sla_compliance, 4) AS sla_compliance,
    COALESCE(o.tickets, 0) AS open_tickets,
    COALESCE(o.p1, 0) AS open_p1,
    COALESCE(o.p2, 0) AS open_p2,
    COALESCE(o.p3, 0) AS open_p3,
    -- An account younger than a year has no year to compare with.
    ROUND(100.0 * c.arr / NULLIF(y.arr, 0) - 100, 1) || '%' AS arr_growth,
    CASE
        WHEN y.arr IS NULL OR y.arr = 0 THEN NULL
        WHEN c.arr > y.arr THEN 'Grew'
        WHEN c.arr < y.arr THEN 'Shrank'
        ELSE 'Flat'
    END AS expansion_history,
    COALESCE(x.expansions, 0) AS expansions_12m
FROM accounts AS a
JOIN contracts AS c ON c.account_id = a.account_id
LEFT JOIN usage_now AS u ON u.account_id = a.account_id
LEFT JOIN support_now AS s ON s.account_id = a.account_id
LEFT JOIN support_before AS b ON b.account_id = a.account_id
LEFT JOIN ratings AS r ON r.account_id = a.account_id
LEFT JOIN open_now AS o ON o.account_id = a.account_id
LEFT JOIN running_before AS y ON y.account_id = a.account_id
LEFT JOIN expansions AS x ON x.account_id = a.account_id
WHERE a.signup_date <= :as_of
  AND a.account_id NOT IN (SELECT account_id FROM gone)
ORDER BY a.account_id;
