//! The recipes and who writes them, in memory. It knows nothing of requests; an application has its database here.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use serde::{Deserialize, Serialize};

#[derive(Clone, Default)]
pub struct Book(Arc<RwLock<Recipes>>);

type Recipes = BTreeMap<u32, Recipe>;

#[derive(Clone, Serialize)]
pub struct Recipe {
    pub id: u32,
    pub author: u32,
    #[serde(flatten)]
    pub draft: Draft,
}

/// What an author writes.
#[derive(Clone, Serialize, Deserialize)]
pub struct Draft {
    pub title: String,
    pub ingredients: String,
}

pub struct Member {
    pub id: u32,
    pub name: &'static str,
    pub is_editor: bool,
}

pub static MEMBERS: [Member; 3] = [
    member(1, "ada", true),
    member(2, "bob", false),
    member(3, "eve", false),
];

const fn member(id: u32, name: &'static str, is_editor: bool) -> Member {
    Member {
        id,
        name,
        is_editor,
    }
}

impl Recipe {
    pub fn author_name(&self) -> &'static str {
        Member::by_id(self.author).map_or("nobody", |member| member.name)
    }
}

impl Member {
    pub fn by_id(id: u32) -> Option<&'static Self> {
        MEMBERS.iter().find(|member| member.id == id)
    }

    pub fn named(name: &str) -> Option<&'static Self> {
        MEMBERS.iter().find(|member| member.name == name)
    }
}

impl Book {
    pub fn with_samples() -> Self {
        let book = Self::default();
        for (author, title, ingredients) in [
            (1, "Pancakes", "flour, milk, eggs"),
            (2, "Lentil soup", "lentils, carrots, cumin"),
        ] {
            book.add(
                author,
                Draft {
                    title: title.to_owned(),
                    ingredients: ingredients.to_owned(),
                },
            );
        }
        book
    }

    pub fn recipes(&self) -> Vec<Recipe> {
        self.read().values().cloned().collect()
    }

    pub fn recipe(&self, id: u32) -> Option<Recipe> {
        self.read().get(&id).cloned()
    }

    pub fn add(&self, author: u32, draft: Draft) -> u32 {
        let mut recipes = self.write();
        let id = recipes.keys().last().map_or(1, |last| last + 1);
        recipes.insert(id, Recipe { id, author, draft });
        id
    }

    pub fn change(&self, id: u32, draft: Draft) {
        if let Some(recipe) = self.write().get_mut(&id) {
            recipe.draft = draft;
        }
    }

    pub fn remove(&self, id: u32) {
        self.write().remove(&id);
    }

    fn read(&self) -> RwLockReadGuard<'_, Recipes> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Recipes> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
