//! The sessions of a user: to show them, to end them, and to keep them few.

use std::sync::Arc;

use super::subject::{
    IDLE, Subject, end_sessions_of, must_be, owned, present, random_user, sessions_of,
};
use crate::Refresh;
use crate::store::{Opened, Record, SessionId, SessionStore};

/// By when they were created, whatever was done with them since; with all that is known of them.
pub async fn the_sessions_of_a_user_are_listed_oldest_first<S: SessionStore>(store: S) {
    let (store, user) = (Arc::new(store), random_user());
    let mut right = Vec::new();
    for age in [3, 0, 4, 1, 2] {
        let subject = Subject::create_with(&store, |session| {
            session.user = Some(user.clone());
            session.label = Some(format!("device {age}"));
            // More than the seconds that this may take.
            session.now += 10_000 - 1000 * age;
        })
        .await;
        if age == 4 {
            let later = subject.now + 7000;
            subject
                .loaded_with(|open| (open.refresh, open.now) = (Refresh::EachRequest, later))
                .await;
        }
        right.push(subject.loaded().await.record);
    }
    right.sort_by_key(|record: &Record| record.created_at);
    let now = present_of(&right);
    must_be(
        sessions_of(&*store, &user, now).await,
        right,
        "the store lists the sessions of a user wrongly",
    );
}

/// And nobody's that only looks the same.
pub async fn only_the_sessions_of_that_user_are_listed_and_ended<S: SessionStore>(store: S) {
    let store = Arc::new(store);
    let user = random_user();
    let bare = user.trim_matches('"').to_owned();
    let users = [
        user.clone(),
        bare.clone(),
        format!("{user} "),
        user.to_lowercase(),
        user.to_uppercase(),
        format!("\"{bare}%\""),
        format!("\"%{bare}\""),
        format!("\"{bare}*\""),
        format!("{{\"id\":{user}}}"),
    ];
    for user in &users {
        create(&store, user, 0).await;
    }
    let nobodys = Subject::create_with(&store, |_| ()).await;
    let now = nobodys.now;
    for user in &users {
        let listed = sessions_of(&*store, user, now).await;
        let listed: Vec<_> = listed
            .into_iter()
            .filter_map(|record| record.user)
            .collect();
        must_be(
            listed,
            vec![user.clone()],
            format!("the store confuses users: of {user} it lists"),
        );
    }
    must_be(
        end_sessions_of(&*store, &user, now, |_| ()).await,
        1,
        "the store has ended more sessions of a user than there were",
    );
    for other in &users[1..] {
        must_be(
            sessions_of(&*store, other, now).await.len(),
            1,
            format!("the store has ended the session of {other} with those of {user}"),
        );
    }
    nobodys.loaded().await;
}

/// Nor are any ended.
pub async fn a_user_without_sessions_has_none<S: SessionStore>(store: S) {
    let (store, user) = (Arc::new(store), random_user());
    let now = present();
    must_be(
        sessions_of(&*store, &user, now).await,
        Vec::new(),
        "the store lists sessions of a user who has none",
    );
    must_be(
        end_sessions_of(&*store, &user, now, |_| ()).await,
        0,
        "the store has ended sessions of a user who has none",
    );
}

/// Whoever is logged in now has the session, and nobody else.
pub async fn a_session_moves_with_its_login<S: SessionStore>(store: S) {
    let (store, one, other) = (Arc::new(store), random_user(), random_user());
    let subject = Subject::create_with(&store, |_| ()).await;
    for user in [Some(&one), Some(&other), None, Some(&one)] {
        subject
            .apply(|commit| commit.user = Some(user.cloned()))
            .await;
        for listed in [&one, &other] {
            let found = sessions_of(&*store, listed, subject.now).await;
            must_be(
                found.len(),
                usize::from(user == Some(listed)),
                "the store lists a session for somebody else than who is logged in in it",
            );
        }
    }
}

/// As the last commit said it.
pub async fn a_label_that_has_changed_is_in_the_list<S: SessionStore>(store: S) {
    let (store, user) = (Arc::new(store), random_user());
    let one = create(&store, &user, 0).await;
    create(&store, &user, 1).await;
    for label in [Some("Firefox on Linux"), Some("a phone"), None] {
        one.apply(|commit| commit.label = Some(label.map(str::to_owned)))
            .await;
        let listed = sessions_of(&*store, &user, one.now + 1).await;
        let labels: Vec<_> = listed
            .iter()
            .map(|record| record.label.as_deref())
            .collect();
        must_be(
            labels,
            vec![label, None],
            "the store lists the sessions of a user with other labels than the last commits say",
        );
    }
}

/// By a request, or by a commit.
pub async fn a_session_whose_life_was_extended_is_listed_and_ended<S: SessionStore>(store: S) {
    let (store, user) = (Arc::new(store), random_user());
    let touched = create(&store, &user, 0).await;
    let committed = create(&store, &user, 1).await;
    let left = create(&store, &user, 2).await;
    let then = touched.now + IDLE - 10;
    touched
        .loaded_with(|open| (open.refresh, open.now) = (Refresh::AfterTenth, then))
        .await;
    committed
        .apply(|commit| {
            let life = crate::store::Life {
                idle: IDLE,
                ends_at: None,
            };
            (commit.life, commit.now) = (Some(life), then);
        })
        .await;
    let later = left.now + 2 + IDLE + 1;
    must_be(
        ids(&sessions_of(&*store, &user, later).await),
        vec![touched.id, committed.id],
        "the store does not list exactly the sessions whose life was extended",
    );
    must_be(
        end_sessions_of(&*store, &user, later, |_| ()).await,
        2,
        "the store has not ended exactly the sessions whose life was extended",
    );
}

/// All at once, each with a tombstone, and no other user's.
pub async fn all_sessions_of_a_user_end_at_once<S: SessionStore>(store: S) {
    let (store, user) = (Arc::new(store), random_user());
    let mut subjects = Vec::new();
    for age in 0..20 {
        subjects.push(create(&store, &user, age).await);
    }
    let now = subjects[0].now + 20;
    subjects[0].end_at(now).await;
    must_be(
        end_sessions_of(&*store, &user, now, |_| ()).await,
        19,
        "the store says wrongly how many sessions of a user it has ended",
    );
    for subject in &subjects {
        must_be(
            subject.open_at(now).await,
            Opened::Ended,
            "the store has not ended all sessions of a user, with a tombstone of each",
        );
    }
    must_be(
        sessions_of(&*store, &user, now).await,
        Vec::new(),
        "the store lists sessions of a user after all were ended",
    );
}

/// Whoever changes the password stays logged in here.
pub async fn all_sessions_of_a_user_end_but_the_one_that_is_kept<S: SessionStore>(store: S) {
    let (store, user) = (Arc::new(store), random_user());
    let mut all = Vec::new();
    for age in 0..5 {
        all.push(create(&store, &user, age).await.id);
    }
    let now = present() + 5;
    let ended = end_sessions_of(&*store, &user, now, |ending| ending.except = Some(all[2])).await;
    must_be(
        (ended, ids(&sessions_of(&*store, &user, now).await)),
        (4, vec![all[2]]),
        "the store has not ended all sessions of a user but the one that was to be kept",
    );
    let strangers = SessionId::from_bytes([7; 16]);
    let ended = end_sessions_of(&*store, &user, now, |ending| {
        ending.except = Some(strangers)
    })
    .await;
    must_be(
        ended,
        1,
        "the store keeps a session of a user because another was to be kept",
    );
}

/// A cap of so many sessions a user.
pub async fn the_oldest_sessions_of_a_user_end_and_the_newest_stay<S: SessionStore>(store: S) {
    let (store, user) = (Arc::new(store), random_user());
    let mut all = Vec::new();
    for age in 0..6 {
        all.push(create(&store, &user, age).await.id);
    }
    let now = present() + 6;
    for (keep, right) in [(6, &all[..]), (7, &all), (u32::MAX, &all), (4, &all[2..])] {
        let before = sessions_of(&*store, &user, now).await.len();
        let ended = end_sessions_of(&*store, &user, now, |ending| ending.keep_newest = keep).await;
        must_be(
            (ended, ids(&sessions_of(&*store, &user, now).await)),
            ((before - right.len()) as u64, right.to_vec()),
            format!("the store does not keep the {keep} newest sessions of a user"),
        );
    }
}

/// The session that the user has just made, and so many beside it.
pub async fn the_kept_session_is_not_one_of_the_newest<S: SessionStore>(store: S) {
    let store = Arc::new(store);
    for (kept, newest, right) in [
        (4, 2, vec![2, 3, 4]),
        (0, 2, vec![0, 3, 4]),
        (2, 1, vec![2, 4]),
        (3, 4, vec![0, 1, 2, 3, 4]),
    ] {
        let user = random_user();
        let mut all = Vec::new();
        for age in 0..5 {
            all.push(create(&store, &user, age).await.id);
        }
        let now = present() + 5;
        end_sessions_of(&*store, &user, now, |ending| {
            ending.except = Some(all[kept]);
            ending.keep_newest = newest;
        })
        .await;
        let right: Vec<_> = right.into_iter().map(|number| all[number]).collect();
        must_be(
            ids(&sessions_of(&*store, &user, now).await),
            right,
            format!(
                "the store does not keep session {kept} of five and {newest} of the newest beside it"
            ),
        );
    }
}

/// They are neither listed nor counted nor ended.
pub async fn expired_sessions_of_a_user_do_not_count<S: SessionStore>(store: S) {
    let (store, user) = (Arc::new(store), random_user());
    let old = create(&store, &user, 0).await;
    let short = Subject::create_with(&store, |session| {
        session.user = Some(user.clone());
        session.now += 2;
        session.life.idle = 600;
    })
    .await;
    let new = create(&store, &user, 1).await;
    let later = short.now + 2 + 601;
    must_be(
        ids(&sessions_of(&*store, &user, later).await),
        vec![old.id, new.id],
        "the store does not list exactly the living sessions of a user",
    );
    let ended = end_sessions_of(&*store, &user, later, |ending| ending.keep_newest = 2).await;
    must_be(
        ended,
        0,
        "the store counts an expired session among the newest of a user",
    );
    let ended = end_sessions_of(&*store, &user, later, |_| ()).await;
    must_be(
        ended,
        2,
        "the store says that it has ended a session that had expired",
    );
    must_be(
        short.open_at(later).await,
        Opened::Unknown,
        "the store has made a tombstone of an expired session",
    );
}

/// So many seconds after the present.
async fn create<S: SessionStore>(store: &Arc<S>, user: &str, later: u64) -> Subject<S> {
    Subject::create_with(store, |session| {
        session.values = owned(&[("user_id", user)]);
        session.user = Some(user.to_owned());
        session.now += later;
    })
    .await
}

fn ids(records: &[Record]) -> Vec<SessionId> {
    records.iter().map(|record| record.id).collect()
}

fn present_of(records: &[Record]) -> u64 {
    records
        .iter()
        .map(|record| record.created_at)
        .max()
        .unwrap_or_default()
}
