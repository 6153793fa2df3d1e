-- Customers of the day :as_of, one row an account. Every table holds only what was known then.

with

-- Gone: a churn event, and no subscription begun since.
gone as (
    select c.account_id
    from (
        select account_id, max(churn_date) as churn_date from churn_events group by account_id
    ) as c
    where not exists (
        select 1 from subscriptions as s
        where s.account_id = c.account_id and s.start_date > c.churn_date
    )
),

-- Only annual subscriptions have a renewal worth watching: the next anniversary of one of them.
annual as (
    select
        account_id,
        start_date + to_years(date_part('year', :as_of)::int - date_part('year', start_date)::int)
            as this_year
    from running
    where billing_frequency = 'annual'
),
renewals as (
    select
        account_id,
        min(case when this_year > :as_of then this_year else this_year + interval 1 year end)::date
            as renewal_date
    from annual
    group by account_id
)

select
    a.account_id,
    any_value(a.account_name) as account_name,
    any_value(a.country) as country,
    any_value(a.signup_date) as signup_date,
    sum(r.arr_amount) as arr,
    sum(r.seats) as seats,
    -- The largest plan is the segment.
    case max(case r.plan_tier when 'Enterprise' then 3 when 'Pro' then 2 else 1 end)
        when 3 then 'enterprise' when 2 then 'mid_market' else 'smb' end as segment,
    any_value(n.renewal_date) as renewal_date
from accounts as a
join running as r on r.account_id = a.account_id
left join renewals as n on n.account_id = a.account_id
where a.account_id not in (select account_id from gone)
group by a.account_id
order by a.account_id
